#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tupu {

/// What became of one prompt.
enum class LineEnd : unsigned char {
  kLine,         // a line was read
  kInterrupted,  // Ctrl-C: what was typed is dropped
  kEndOfInput,   // Ctrl-D on an empty line, or the end of the file
};

/// The words that may stand for `word`, what it begins with included; `before` is the line up to it.
using Completer = std::function<std::vector<std::string>(std::string_view before, std::string_view word)>;

/// Reads lines: with editing, history and completion on a terminal (libedit), plainly from anything else.
class LineEditor {
 public:
  virtual ~LineEditor() = default;
  /// `line` without its line end.
  virtual LineEnd Read(const std::string& prompt, std::string& line) = 0;
  virtual void AddToHistory(const std::string& entry) = 0;
};

/// Requires: standard input is a terminal. `history_file` is read now and written with every entry; empty: none.
std::unique_ptr<LineEditor> MakeTerminalEditor(const std::string& history_file, Completer completer);
std::unique_ptr<LineEditor> MakePlainReader();

}  // namespace tupu
