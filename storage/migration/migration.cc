#include "storage/migration/migration.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"

namespace tupu {

namespace {

/// What is new in format 2 is written by need. The version alone keeps programs out that would not go on with the log.
Status ToFormat2(const KvSnapshot&, std::vector<KvWrite>&) {
  return {};
}

constexpr std::array<Migration, 1> kMigrations = {
    Migration{1, "a record of saved CSRs, and a log of changed adjacency while there are some", ToFormat2},
};

}  // namespace

std::span<const Migration> AllMigrations() {
  return kMigrations;
}

std::string EncodeFormatVersion(uint32_t version) {
  std::string bytes;
  AppendU32(bytes, version);
  return bytes;
}

Result<uint32_t> DecodeFormatVersion(std::string_view bytes, uint32_t newest) {
  ByteReader reader(bytes);
  const uint32_t version = reader.U32();
  TUPU_TRY(reader.Finish("format version"));
  if (version > newest) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the database has format {}, this tupu reads up to {}; use a newer tupu", version, newest)};
  }
  if (version == 0) return CorruptionOf("format version", "0 was never used");
  return version;
}

Error NeedsMigration(uint32_t from, uint32_t to) {
  return Error{
      .code = ErrorCode::kUnsupported,
      .message = fmt::format("the database has format {}, this tupu reads format {}; open it for writing once, "
                             "which migrates it",
                             from, to),
      .hint = "back it up, then run: tupu compact -d DIR"};
}

Status Migrate(KvStore& store, uint32_t from, uint32_t to, std::span<const Migration> steps, bool sync) {
  for (uint32_t version = from; version < to; ++version) {
    const auto step =
        std::find_if(steps.begin(), steps.end(), [&](const Migration& migration) { return migration.from == version; });
    if (step == steps.end()) {
      return Error{ErrorCode::kUnsupported, fmt::format("this tupu knows no way from format {} to {}; use the version "
                                                        "that introduced format {} first",
                                                        version, version + 1, version + 1)};
    }
    std::vector<KvWrite> batch;
    {
      TUPU_TRY_ASSIGN(const auto before, store.Snapshot());
      TUPU_TRY(step->run(*before, batch));
    }
    batch.push_back({Keyspace::kMeta, std::string(kFormatKey), EncodeFormatVersion(version + 1)});
    batch.push_back({Keyspace::kMeta, MigrationKey(version), std::string(step->what)});
    const KvPrecondition unchanged{Keyspace::kMeta, std::string(kFormatKey), EncodeFormatVersion(version)};
    TUPU_TRY(store.Write(batch, std::span(&unchanged, 1), sync));
  }
  return {};
}

}  // namespace tupu
