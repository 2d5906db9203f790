#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/kv/kv_store.h"

namespace tupu {

/// One step of the format on disk, from a version to the next.
struct Migration {
  uint32_t from = 0;
  std::string_view what;  // one line, kept in the store: "edge places in blocks of 128"
  /// Appends what is to be written and deleted, all but the version. The batch is written at once: a step is done or not.
  Status (*run)(const KvSnapshot& before, std::vector<KvWrite>& batch) = nullptr;
};

/// Every step there is, ascending, up to kFormatVersion. Whoever changes a byte on disk raises kFormatVersion, adds a step
/// here, and adds a golden store of the version before to tests/storage/golden.
std::span<const Migration> AllMigrations();

/// Reads the version of a store. kCorruption if it is malformed, kUnsupported if it is newer than `newest`.
Result<uint32_t> DecodeFormatVersion(std::string_view bytes, uint32_t newest);
std::string EncodeFormatVersion(uint32_t version);

/// Brings a store from version `from` to `to`, step by step. Each step is one atomic batch, which raises the version and
/// records the step under MigrationKey; so a crash leaves a store of some version in between, and the next opening goes on.
/// Requires: nobody else writes. Errors: kUnsupported if a step is missing; those of the steps.
Status Migrate(KvStore& store, uint32_t from, uint32_t to, std::span<const Migration> steps, bool sync);

/// What a reader is told who cannot migrate.
Error NeedsMigration(uint32_t from, uint32_t to);

}  // namespace tupu
