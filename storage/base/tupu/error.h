#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)

namespace tupu {

/// What a caller can act on. Everything finer stands in the message.
enum class ErrorCode : uint8_t {
  kInvalidArgument,    // a value, option or row that cannot be used as it is
  kSyntax,             // the text is not a query
  kBind,               // the query names or combines things that do not exist or fit
  kNotFound,           // what the caller named and needs is not there
  kAlreadyExists,      // a key or name is taken
  kConstraint,         // the ontology or a constraint forbids the write
  kConflict,           // another transaction was first: retry
  kResourceExhausted,  // memory or time limit
  kCancelled,          // stopped by the caller
  kIo,                 // the operating system said no
  kBusy,               // another process holds the database for writing
  kCorruption,         // stored bytes are not what was written
  kUnsupported,        // known, and not offered by this version
  kInternal,           // a bug in tupu
};

/// The code's name as it is printed and tested, e.g. "kBind".
std::string_view Name(ErrorCode code);

/// A place in a text, lines and columns counted from 1, columns in code points.
struct SourceSpan {
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t offset = 0;  // bytes from the start of the text
  uint32_t length = 0;  // bytes
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

/// Why an operation did not happen. Codes are stable; wording may change.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;                   // what, where, and what to do
  std::optional<SourceSpan> where = {};  // for query text and files of one piece
  std::string condition = {};            // openCypher's type and detail: "SyntaxError.UndefinedVariable"
  std::string hint = {};                 // one sentence: what to try
};

}  // namespace tupu

#pragma GCC visibility pop
