#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/check/check_graph.h"

namespace tupu {

struct RecoveryOptions {
  bool dry_run = false;  // say what would be done, and leave everything as it is
  CancellationToken cancellation;
  std::function<void(uint64_t done, uint64_t total)> progress;  // of the check
};

struct Recovery {
  bool needed = true;        // false: the database opens as it is
  std::string damage;        // what opening it says
  uint64_t kept_commit = 0;  // the state after this commit is what can be had
  /// The last commit that can still be read behind the damage: it and those from kept_commit + 1 are lost. nullopt: none can
  /// be read, which does not say that there were none.
  std::optional<uint64_t> last_seen_commit;
  CheckReport check;          // of the recovered state
  std::string kept_original;  // where the damaged database was put; empty: nothing was changed
};

/// Point-in-time recovery, an operator's decision: of a database whose log is damaged, takes the state before the damage. All
/// that was committed after it is lost, although it was acknowledged.
///
/// How     The database is copied beside itself (tables as hard links), and the copy recovered and checked. Only if it is
///         clean the two exchange names in one step: the original is kept whole as DIR.damaged-N. Whatever
///         fails before leaves the original untouched.
/// Errors  kBusy (a process holds it), kCorruption (not the log alone is damaged: restore a backup), kIo, kCancelled.
Result<Recovery> RecoverGraph(const std::string& directory, const RecoveryOptions& options);

}  // namespace tupu
