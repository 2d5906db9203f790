#pragma once

#include <string>
#include <string_view>

namespace tupu {

/// True if the descriptor is a terminal that a person looks at.
bool IsTerminal(int descriptor);
/// Colour is wanted there: a terminal, NO_COLOR not set, TERM not "dumb".
bool WantsColour(int descriptor);
/// Columns of the terminal; 0 if it is none.
int TerminalWidth(int descriptor);

enum class Tone : unsigned char { kHeading, kError, kHint, kFaint };
/// `text` in colour if `on`, else as it is.
std::string Paint(std::string_view text, Tone tone, bool on);

/// Makes the C library read and write UTF-8, whatever the locale says.
void UseUtf8();

}  // namespace tupu
