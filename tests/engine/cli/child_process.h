#pragma once

#include <string>
#include <vector>

namespace tupu {

/// What became of a child.
struct ChildResult {
  int status = -1;  // exit status; 128 + n if signal n ended it
  std::string out;
  std::string err;
};

struct ChildOptions {
  std::string input;                     // of its standard input
  std::string folder;                    // it runs there; empty: here
  std::string stdout_path;               // its standard output; empty: collected
  std::vector<std::string> environment;  // "NAME=value" beside a plain one (LANG=C.UTF-8, no TUPU_DB)
  int interrupt_after_ms = 0;            // send it SIGINT then; 0: never
};

/// Runs the built executable with `arguments` and waits for its end (at most a minute).
ChildResult RunTupu(const std::vector<std::string>& arguments, const ChildOptions& options = {});

/// The same on a terminal of its own; `typed` is sent a line at a time, each after the prompt shows. `out` holds all that
/// the terminal showed.
ChildResult RunTupuOnTerminal(const std::vector<std::string>& arguments, const std::vector<std::string>& typed);

}  // namespace tupu
