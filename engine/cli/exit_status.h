#pragma once

#include <string>

#include <tupu/error.h>

namespace tupu {

/// What the process tells its caller.
enum class ExitStatus : int {
  kDone = 0,
  kFailed = 1,   // the request failed: a bad query, an unknown name, a constraint
  kUsage = 2,    // the command line was wrong
  kInput = 3,    // input, output, a damaged or a locked database
  kStopped = 4,  // by a time or memory limit, or a signal
};

/// An error of the command line itself: kInvalidArgument that ends with kUsage.
Error UsageError(std::string message, std::string hint = {});

/// The reader of our output went away; nothing is wrong and nothing more is to be said.
Error BrokenPipe();
bool IsBrokenPipe(const Error& error);

/// The one table from errors to exit statuses.
ExitStatus ExitStatusOf(const Error& error);

}  // namespace tupu
