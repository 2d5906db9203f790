#include "engine/cli/exit_status.h"

#include <utility>

namespace tupu {

namespace {

// Error::condition of errors that only the command line makes.
constexpr std::string_view kUsageCondition = "CommandLine.Usage";
constexpr std::string_view kBrokenPipeCondition = "CommandLine.BrokenPipe";

}  // namespace

Error UsageError(std::string message, std::string hint) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = std::move(message),
               .condition = std::string(kUsageCondition),
               .hint = std::move(hint)};
}

Error BrokenPipe() {
  return Error{.code = ErrorCode::kIo, .message = "broken pipe", .condition = std::string(kBrokenPipeCondition)};
}

bool IsBrokenPipe(const Error& error) {
  return error.condition == kBrokenPipeCondition;
}

ExitStatus ExitStatusOf(const Error& error) {
  if (error.condition == kUsageCondition) return ExitStatus::kUsage;
  if (IsBrokenPipe(error)) return ExitStatus::kDone;
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kSyntax:
    case ErrorCode::kBind:
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kConstraint:
    case ErrorCode::kConflict:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal: return ExitStatus::kFailed;
    case ErrorCode::kIo:
    case ErrorCode::kBusy:
    case ErrorCode::kCorruption: return ExitStatus::kInput;
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kCancelled: return ExitStatus::kStopped;
  }
  return ExitStatus::kFailed;
}

}  // namespace tupu
