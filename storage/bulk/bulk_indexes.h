#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/bulk/key_sorter.h"
#include "storage/bulk/spill_pool.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/declared_keys.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// The entries of property indexes and of the keys that the ontology declares, for the new entities of a load; and
/// whether those entities keep the constraints.
///
/// An external sort for each index. Since its entries come in order, two entities of one unique value are neighbours, and
/// what is stored is found by reading along. Missing and wrongly typed properties are noted as entities pass by, and told
/// when all of them did: then the one told does not depend on the threads.
class BulkIndexes {
 public:
  /// Where an entity of the load was given ("firms.csv:3"); empty if that is not known.
  using PlaceOf = std::function<std::string(EntityKind entity, uint64_t id)>;

  /// For the indexes of `base` and the keys of `ontology`, filled by so many threads.
  BulkIndexes(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base, std::shared_ptr<const Ontology> ontology,
              size_t threads);

  /// What one thread passes on.
  class Feed {
   public:
    explicit Feed(BulkIndexes& indexes);
    /// `record`: as it is stored. Errors: kIo.
    Status AddVertex(VertexId vertex, std::string_view record);
    /// `row`: encoded properties.
    Status AddEdge(const EdgeReference& edge, std::string_view row);
    Status Finish();
    bool takes_vertices() const { return indexes_.takes_vertices_; }
    bool takes_edges() const { return indexes_.takes_edges_; }

   private:
    template <class IsOn>
    Status Add(EntityKind entity, uint64_t id, const IsOn& is_on, std::string_view row, std::string_view ends);

    BulkIndexes& indexes_;
    std::vector<KeySorter::Feed> feeds_;  // by position in indexes_.indexes_
    std::optional<KeySorter::Feed> keys_;
  };

  /// Whether an index or a constraint looks at edges.
  bool takes_edges() const { return takes_edges_; }
  void SetPlaces(PlaceOf place_of) { place_of_ = std::move(place_of); }
  /// kConstraint: the first entity of the load that lacks a property or has one of the wrong type.
  /// Requires: every feed is finished.
  Status CheckPresence() const;
  /// The parts of the result; each may be written by its own thread, once, after the last Feed was finished.
  size_t runs() const { return indexes_.size() + 1; }
  /// Errors: kConstraint for a value that two entities have; kIo.
  Status WriteRun(size_t number, KvRun& run);
  /// Whether WriteRun met two vertices of the load with one declared key.
  bool key_given_twice() const { return key_given_twice_; }

 private:
  struct Index {
    Index(const IndexDefinition& index, SpillPool& pool, size_t run_bytes);
    const IndexDefinition& definition;
    KeySorter sorter;
  };
  struct Broken {
    EntityKind entity;
    uint64_t id;
    Error error;
  };

  void Note(EntityKind entity, uint64_t id, Error error);
  Status WriteIndex(Index& index, KvRun& run);
  Status WriteKeys(KvRun& run);
  Error WithPlaces(EntityKind entity, uint64_t first, uint64_t second, Error error) const;
  bool IsStored(EntityKind entity, uint64_t id) const;
  std::string PlaceFor(EntityKind entity, uint64_t id) const;

  const std::shared_ptr<const GraphSnapshot> base_;
  const std::shared_ptr<const Ontology> ontology_;
  const DeclaredKeys declared_;
  PlaceOf place_of_;
  bool takes_vertices_ = false;
  bool takes_edges_ = false;
  std::deque<Index> indexes_;
  KeySorter keys_;  // of the ontology, each followed by its vertex
  mutable std::mutex mutex_;
  std::optional<Broken> broken_;  // the first
  bool key_given_twice_ = false;
};

}  // namespace tupu
