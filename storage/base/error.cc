#include <tupu/error.h>

namespace tupu {

std::string_view Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "kInvalidArgument";
    case ErrorCode::kSyntax: return "kSyntax";
    case ErrorCode::kBind: return "kBind";
    case ErrorCode::kNotFound: return "kNotFound";
    case ErrorCode::kAlreadyExists: return "kAlreadyExists";
    case ErrorCode::kConstraint: return "kConstraint";
    case ErrorCode::kConflict: return "kConflict";
    case ErrorCode::kResourceExhausted: return "kResourceExhausted";
    case ErrorCode::kCancelled: return "kCancelled";
    case ErrorCode::kIo: return "kIo";
    case ErrorCode::kBusy: return "kBusy";
    case ErrorCode::kCorruption: return "kCorruption";
    case ErrorCode::kUnsupported: return "kUnsupported";
    case ErrorCode::kInternal: return "kInternal";
  }
  return "kInternal";
}

}  // namespace tupu
