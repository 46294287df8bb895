#!/bin/sh
# Chromium without the two pages that it loads behind its address bar for each page of a test: half
# of the processor's time. Playwright's own list of features is kept: of two lists the last counts.
unused=WebUIOmniboxPopup,WebUIOmniboxAimPopup
for argument; do
  shift
  case $argument in
    --disable-features=*) argument=$argument,$unused ;;
  esac
  set -- "$@" "$argument"
done
exec chromium "$@"
