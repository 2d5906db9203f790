#pragma once

#include <memory>
#include <string>

#include <tupu/database.h>

#include "engine/cli/command.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// The database that lives for one command, in no folder.
inline constexpr std::string_view kInMemory = ":memory:";

/// True if the folder holds the files of a database.
bool LooksLikeDatabase(const std::string& directory);

/// The folder to use: --db, else $TUPU_DB, else this folder or the one folder in it that is a database.
/// Errors: usage, if there is none or there are several (they are named).
Result<std::string> ChooseDatabase(const Arguments& arguments);

/// The same for commands that care for the files of a database: there must be one on disk.
/// Errors: usage for `:memory:`; kIo if it is not there.
Result<std::string> ChooseStoredDatabase(const Arguments& arguments);

/// The bytes of --cache-memory. Errors: usage.
Result<uint64_t> ReadCacheMemory(const Arguments& arguments);

/// The chosen one in memory, for this command alone.
Result<Database> OpenInMemory(const Arguments& arguments);
/// Opens the chosen database read-only: works beside another process that writes.
/// Errors: kIo if it is not there; those of Database::Open.
Result<Database> OpenForReading(const Arguments& arguments);
/// Opens it for writing; makes it if `create`.
Result<Database> OpenForWriting(const Arguments& arguments, bool create);

/// A database and one state of it, for the verbs.
struct OpenGraph {
  Database database;
  std::shared_ptr<const GraphView> view;
};
Result<OpenGraph> OpenGraphForReading(const Arguments& arguments);

}  // namespace tupu
