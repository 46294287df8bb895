export interface PictureProps {
  picture: { url: string; width: number; height: number; alt: string };
  /** BCP 47 tag of the words that stand for it. */
  lang: string | undefined;
  /** Where the same words stand beside it: read once, not twice (WCAG technique H2). */
  decorative?: boolean;
}

/**
 * A picture in the document itself. Its size is known before it is decoded, so that nothing below
 * it jumps.
 */
export function Picture({
  picture: { url, width, height, alt },
  lang,
  decorative = false,
}: PictureProps) {
  return (
    <img
      className="picture"
      src={url}
      width={width}
      height={height}
      alt={decorative ? "" : alt}
      lang={decorative ? undefined : lang}
    />
  );
}
