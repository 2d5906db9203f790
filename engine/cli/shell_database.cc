#include "engine/cli/shell_database.h"

#include "engine/cli/database_choice.h"
#include "engine/cli/script_session.h"

namespace tupu {

Result<ShellDatabase> ShellDatabase::Open(const Arguments& arguments, bool interactive) {
  ShellDatabase database(arguments);
  database.interactive_ = interactive;
  TUPU_TRY_ASSIGN(const std::string directory, ChooseDatabase(arguments));
  if (directory == kInMemory) {
    TUPU_TRY_ASSIGN(database.writer_, OpenInMemory(arguments));
    return database;
  }
  database.may_write_ = !arguments.Has("read-only");
  if (database.may_write_ && !LooksLikeDatabase(directory)) {
    TUPU_TRY_ASSIGN(const Database made, OpenForWriting(arguments, true));
  }
  TUPU_TRY_ASSIGN(database.reader_, OpenForReading(arguments));
  return database;
}

Result<Database*> ShellDatabase::For(std::string_view statement) {
  if (writer_ || !may_write_) return &current();
  if (!ScriptSession::BeginsWriting(statement)) {
    // What cannot be prepared shows its error when it is run.
    Session session = reader_->OpenSession();
    const Result<PreparedQuery> prepared = session.Prepare(statement);
    if (!prepared || !prepared->writes()) return &*reader_;
  }
  TUPU_TRY_ASSIGN(writer_, OpenForWriting(*arguments_, false));
  return &*writer_;
}

Status ShellDatabase::Done() {
  if (!interactive_ || !may_write_ || !writer_) return {};
  writer_.reset();
  // A reader is a moment behind: opened again, it shows what was just written.
  TUPU_TRY_ASSIGN(Database again, OpenForReading(*arguments_));
  reader_ = std::move(again);
  return {};
}

}  // namespace tupu
