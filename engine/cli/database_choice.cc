#include "engine/cli/database_choice.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/database/engine_access.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> DatabasesHere() {
  std::error_code ignored;
  if (LooksLikeDatabase(".")) return {"."};
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(".", ignored)) {
    if (entry.is_directory(ignored) && LooksLikeDatabase(entry.path().string()))
      found.push_back(entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A database that is not there is a wrong path, not an unknown name of the data.
Error MissingDatabase(const std::string& directory) {
  return Error{.code = ErrorCode::kIo,
               .message = fmt::format("there is no database at {}", directory),
               .hint = fmt::format("make one with: tupu load -d {} PATH", directory)};
}

Result<Database> Open(const Arguments& arguments, DatabaseOptions options) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseDatabase(arguments));
  if (directory == kInMemory) return OpenInMemory(arguments);
  TUPU_TRY_ASSIGN(options.cache_memory_bytes, ReadCacheMemory(arguments));
  std::error_code ignored;
  if (!options.create_if_missing && !fs::exists(directory, ignored)) return MissingDatabase(directory);
  Result<Database> database = Database::Open(directory, options);
  if (!database && database.error().code == ErrorCode::kNotFound) return MissingDatabase(directory);
  return database;
}

}  // namespace

bool LooksLikeDatabase(const std::string& directory) {
  std::error_code ignored;
  const fs::path folder(directory);
  if (!fs::is_regular_file(folder / "CURRENT", ignored)) return false;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().filename().string().starts_with("MANIFEST-")) return true;
  return false;
}

Result<std::string> ChooseDatabase(const Arguments& arguments) {
  if (const std::optional<std::string> named = arguments.Find("db")) return *named;
  if (const char* variable = std::getenv("TUPU_DB"); variable != nullptr && *variable != '\0')
    return std::string(variable);
  std::vector<std::string> here = DatabasesHere();
  if (here.size() == 1) return std::move(here.front());
  if (here.empty())
    return UsageError("which database? there is none in this folder", "name one with -d DIR or in $TUPU_DB");
  return UsageError(fmt::format("which database? here are {}", fmt::join(here, ", ")),
                    "name one with -d DIR or in $TUPU_DB");
}

Result<std::string> ChooseStoredDatabase(const Arguments& arguments) {
  TUPU_TRY_ASSIGN(std::string directory, ChooseDatabase(arguments));
  if (directory == kInMemory) return UsageError("a database in memory has no files", "name one on disk with -d DIR");
  std::error_code ignored;
  if (!fs::exists(directory, ignored)) return MissingDatabase(directory);
  return directory;
}

Result<uint64_t> ReadCacheMemory(const Arguments& arguments) {
  constexpr uint64_t kMebibyte = 1ull << 20;
  constexpr uint64_t kLeast = 16;
  TUPU_TRY_ASSIGN(const uint64_t mebibytes,
                  arguments.GetCount("cache-memory", DatabaseOptions().cache_memory_bytes / kMebibyte, kLeast));
  if (mebibytes > UINT64_MAX / kMebibyte) return UsageError("--cache-memory is larger than any machine's");
  return mebibytes * kMebibyte;
}

Result<Database> OpenInMemory(const Arguments& arguments) {
  TUPU_TRY_ASSIGN(const uint64_t bytes, ReadCacheMemory(arguments));
  return Database::OpenInMemory({.cache_memory_bytes = bytes});
}

Result<Database> OpenForReading(const Arguments& arguments) {
  return Open(arguments, {.read_only = true, .create_if_missing = false});
}

Result<Database> OpenForWriting(const Arguments& arguments, bool create) {
  return Open(arguments, {.create_if_missing = create});
}

Result<OpenGraph> OpenGraphForReading(const Arguments& arguments) {
  TUPU_TRY_ASSIGN(Database database, OpenForReading(arguments));
  TUPU_TRY_ASSIGN(std::shared_ptr<const GraphView> view, EngineAccess::Store(database).Snapshot());
  return OpenGraph{std::move(database), std::move(view)};
}

}  // namespace tupu
