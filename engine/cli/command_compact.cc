#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

/// So that whoever opens the database next need not build them. They are a cache: small graphs and little memory go without.
Status SaveCsrs(const CommandContext& context, const std::string& directory, uint64_t cache_bytes) {
  TUPU_TRY_ASSIGN(const auto graph,
                  GraphStore::Open(directory, {.create_if_missing = false, .cache_bytes = cache_bytes}));
  TUPU_TRY_ASSIGN(const SavedCsrs saved, graph->SaveCsrs(CsrSaving::kIfWorthIt));
  if (saved.bytes == 0) return {};
  constexpr Text kSaved = {"{} bytes of saved adjacency beside them", "另有已保存的邻接 {} 字节"};
  PrintNote(fmt::format(fmt::runtime(context.Say(kSaved)), saved.bytes));
  return {};
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseStoredDatabase(context.arguments));
  TUPU_TRY_ASSIGN(const uint64_t cache_bytes, ReadCacheMemory(context.arguments));
  // The graph is opened first: it may have an older format, which opening migrates.
  {
    TUPU_TRY_ASSIGN(const auto graph,
                    GraphStore::Open(directory, {.create_if_missing = false, .cache_bytes = cache_bytes}));
  }
  TUPU_TRY_ASSIGN(std::unique_ptr<KvStore> store,
                  OpenRocksDbStore(directory, {.create_if_missing = false, .cache_bytes = cache_bytes}));
  TUPU_TRY_ASSIGN(const KvStats before, store->Stats());
  TUPU_TRY(store->Compact());
  TUPU_TRY_ASSIGN(const KvStats after, store->Stats());
  constexpr Text kDone = {"{} bytes on disk, {} before", "磁盘 {} 字节，此前 {} 字节"};
  PrintNote(fmt::format(fmt::runtime(context.Say(kDone)), after.bytes_on_disk, before.bytes_on_disk));
  store.reset();
  TUPU_TRY(SaveCsrs(context, directory, cache_bytes));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec CompactCommand() {
  return {
      .name = "compact",
      .group = CommandGroup::kCare,
      .summary = {"rewrite the files into their least form", "将文件重写为最小形式"},
      .details = {"Worth it after large loads and deletions. Needs free space for the largest part of the database;\n"
                  "other processes may read meanwhile. Brings a database of an older tupu to the present format, too.",
                  "亦将旧版 tupu "
                  "的数据库升级为当前格式。适用于大量导入或删除之后。需要相当于数据库最大部分的空闲空间；其间其他进程可"
                  "以读取。"},
      .positionals = {},
      .options = JoinOptions({{CacheMemoryOption()}}),
      .run = Run};
}

}  // namespace tupu
