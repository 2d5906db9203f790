#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"

namespace tupu {

/// Number of names of each dictionary that are on disk.
struct StoredNames {
  size_t labels = 0;
  size_t edge_types = 0;
  size_t property_keys = 0;
  size_t id_groups = 0;
};

/// What a store and its transaction share.
///
/// There is one writer at a time: it takes the slot at BeginWrite and gives it back when it commits or goes. The last
/// committed state is kept as one immutable snapshot, replaced at each commit; readers take a pointer to it.
class StoreCore {
 public:
  StoreCore(std::unique_ptr<KvStore> kv, GraphStoreOptions options) : kv_(std::move(kv)), options_(options) {}

  KvStore& kv() { return *kv_; }
  const GraphStoreOptions& options() const { return options_; }
  const std::shared_ptr<StoreNames>& names() const { return names_; }

  std::shared_ptr<const GraphSnapshot> published() const {
    std::lock_guard lock(mutex_);
    return published_;
  }

  void TakeWriterSlot();
  void GiveWriterSlot();

  /// Writes the batch with counts and new names, and publishes the new state. Requires: the caller has the writer slot.
  Status Commit(std::vector<KvWrite> batch, GraphCounts counts, std::shared_ptr<const Ontology> ontology);

  /// Reads names, counts and ontology of a store, or makes a new one.
  Status Load();

 private:
  Status LoadNames(const KvSnapshot& kv);
  Status Publish(GraphCounts counts, std::shared_ptr<const Ontology> ontology);
  void AppendNewNames(std::vector<KvWrite>& batch, StoredNames& stored) const;

  std::unique_ptr<KvStore> kv_;
  const GraphStoreOptions options_;
  const std::shared_ptr<StoreNames> names_ = std::make_shared<StoreNames>();
  StoredNames stored_names_;  // of the writer
  mutable std::mutex mutex_;
  std::shared_ptr<const GraphSnapshot> published_;
  std::condition_variable writer_left_;
  bool has_writer_ = false;
};

}  // namespace tupu
