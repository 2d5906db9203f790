#pragma once

#include <optional>
#include <string_view>

#include <tupu/database.h>

#include "engine/cli/arguments.h"

namespace tupu {

/// The database of a shell. It is read beside any other process, and held for writing only from the first statement that
/// writes: on a terminal until that statement is done, else until the shell ends.
class ShellDatabase {
 public:
  /// A database that is not there is made, unless the shell is to read only.
  static Result<ShellDatabase> Open(const Arguments& arguments, bool interactive);

  /// The database as it is open now.
  Database& current() { return writer_ ? *writer_ : *reader_; }
  /// The database as `statement` needs it. Errors: kBusy if it writes and another process holds the database.
  Result<Database*> For(std::string_view statement);
  /// After a statement. Errors: those of opening the database again.
  Status Done();

 private:
  explicit ShellDatabase(const Arguments& arguments) : arguments_(&arguments) {}

  const Arguments* arguments_;
  bool interactive_ = false;
  bool may_write_ = false;          // by opening it for writing when that is needed
  std::optional<Database> reader_;  // always there, but for a database in memory
  std::optional<Database> writer_;
};

}  // namespace tupu
