import { BankNote } from "../../ui/bank-note.tsx";
import { Field } from "../../ui/field.tsx";
import { Picture } from "../../ui/picture.tsx";
import { Spelled } from "../../ui/spelled.tsx";
import { errorAt, type ViewProps } from "../challenge.ts";
import type { PictureView } from "../picture.ts";

interface View {
  purpose: "scan" | "read";
  picture: PictureView;
  expiresInSeconds?: number | undefined;
  instead?: string | undefined;
  note?: string | undefined;
  sound?: { url: string } | undefined;
  reply: { characters: "digits" | "any"; length?: number | undefined };
}

/**
 * The picture, what stands for it for people who cannot use it (WCAG 1.1.1), and one field for the
 * code.
 */
export function PictureCodeView(props: ViewProps<View>) {
  const { view, translator, bank, bankLang } = props;
  const { purpose, picture, expiresInSeconds, instead, note, sound, reply } = view;
  const { t } = translator;
  const digits = reply.characters === "digits";
  return (
    <>
      <p>{t(`picture-code.text-${purpose}`, { bank })}</p>
      <p>
        <Picture picture={picture} lang={bankLang} />
      </p>
      {instead !== undefined && (
        <>
          <p>{t("picture-code.instead")}</p>
          <p className="readable">
            <Spelled text={instead} />
          </p>
        </>
      )}
      {sound && (
        <>
          <p id="reauth-sound-label">{t("picture-code.listen")}</p>
          {/* The browser's own player: it is operable by keyboard and named in every engine. */}
          <audio
            id="reauth-sound"
            controls
            preload="auto"
            src={sound.url}
            aria-labelledby="reauth-sound-label"
          />
        </>
      )}
      {expiresInSeconds !== undefined && (
        <p>{t("picture-code.runs-out", { minutes: Math.ceil(expiresInSeconds / 60) })}</p>
      )}
      <BankNote text={note} lang={bankLang} />
      <Field
        name="reply"
        label={t(`picture-code.reply-${purpose}`)}
        hint={t(digits ? "picture-code.digits" : "picture-code.characters", {
          length: reply.length ?? 0,
        })}
        autoComplete={purpose === "scan" ? "one-time-code" : "off"}
        inputMode={digits ? "numeric" : "text"}
        className="code"
        error={errorAt("reply", props)}
      />
    </>
  );
}
