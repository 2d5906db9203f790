#include "engine/cli/terminal.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <cstring>

namespace tupu {

bool IsTerminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

bool WantsColour(int descriptor) {
  if (!IsTerminal(descriptor)) return false;
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

int TerminalWidth(int descriptor) {
  winsize size = {};
  if (!IsTerminal(descriptor) || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string Paint(std::string_view text, Tone tone, bool on) {
  if (!on) return std::string(text);
  std::string_view code;
  switch (tone) {
    case Tone::kHeading: code = "\x1b[1m"; break;
    case Tone::kError: code = "\x1b[1;31m"; break;
    case Tone::kHint: code = "\x1b[36m"; break;
    case Tone::kFaint: code = "\x1b[2m"; break;
  }
  return std::string(code) + std::string(text) + "\x1b[0m";
}

void UseUtf8() {
  if (std::setlocale(LC_CTYPE, "") != nullptr && std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0) return;
  std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace tupu
