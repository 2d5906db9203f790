#pragma once

// What Boost.Graph needs to run on a CsrGraph. Included from .cc files of engine/algorithms and from tests only: no
// header of ours shows Boost.

#include <cstdint>
#include <type_traits>
#include <utility>

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu::boost_csr {

/// Thrown out of a Boost algorithm to stop it, and caught by Run: it never leaves this folder.
struct Stopped {
  Error error;
};

/// An arc: its start and its position in the arrays of the graph.
struct ArcDescriptor {
  VertexIndex start = 0;
  VertexIndex end = 0;
  uint64_t position = 0;
  friend bool operator==(const ArcDescriptor&, const ArcDescriptor&) = default;
};

class OutArcIterator : public boost::iterator_facade<OutArcIterator, ArcDescriptor, boost::random_access_traversal_tag,
                                                     ArcDescriptor, std::ptrdiff_t> {
 public:
  OutArcIterator() = default;
  OutArcIterator(const VertexIndex* targets, VertexIndex start, uint64_t position)
      : targets_(targets), start_(start), position_(position) {}

 private:
  friend class boost::iterator_core_access;
  ArcDescriptor dereference() const { return {start_, targets_[position_], position_}; }
  bool equal(const OutArcIterator& other) const { return position_ == other.position_; }
  void increment() { ++position_; }
  void decrement() { --position_; }
  void advance(std::ptrdiff_t n) { position_ += static_cast<uint64_t>(n); }
  std::ptrdiff_t distance_to(const OutArcIterator& other) const {
    return static_cast<std::ptrdiff_t>(other.position_ - position_);
  }

  const VertexIndex* targets_ = nullptr;
  VertexIndex start_ = 0;
  uint64_t position_ = 0;
};

/// All arcs by start; of an undirected graph each edge once, from its lesser end.
class ArcIterator : public boost::iterator_facade<ArcIterator, ArcDescriptor, boost::forward_traversal_tag,
                                                  ArcDescriptor, std::ptrdiff_t> {
 public:
  ArcIterator() = default;
  ArcIterator(const CsrGraph& graph, uint64_t position, bool each_edge_once)
      : graph_(&graph), position_(position), each_edge_once_(each_edge_once) {
    Settle();
  }

 private:
  friend class boost::iterator_core_access;
  ArcDescriptor dereference() const { return {start_, graph_->out().targets[position_], position_}; }
  bool equal(const ArcIterator& other) const { return position_ == other.position_; }
  void increment() {
    ++position_;
    Settle();
  }
  void Settle() {
    const CsrAdjacency& out = graph_->out();
    for (; position_ < out.targets.size(); ++position_) {
      while (out.offsets[size_t{start_} + 1] <= position_) ++start_;
      if (!each_edge_once_ || start_ <= out.targets[position_]) return;
    }
  }

  const CsrGraph* graph_ = nullptr;
  uint64_t position_ = 0;
  VertexIndex start_ = 0;
  bool each_edge_once_ = false;
};

using VertexIterator = boost::counting_iterator<VertexIndex>;

/// A CsrGraph seen through the concepts VertexListGraph, EdgeListGraph and IncidenceGraph, read-only.
/// DirectedCategory is boost::directed_tag or boost::undirected_tag; the latter requires graph.symmetric() (each edge
/// is met from both ends, as Boost's undirected algorithms expect). The algorithms of Boost that we use take no token.
/// All of them ask for a vertex's out-edges, so the question is asked there.
template <class DirectedCategory>
class View {
 public:
  // What boost::graph_traits asks for, in Boost's spelling.
  using vertex_descriptor = VertexIndex;
  using edge_descriptor = ArcDescriptor;
  using directed_category = DirectedCategory;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  struct traversal_category : virtual boost::vertex_list_graph_tag,
                              virtual boost::edge_list_graph_tag,
                              virtual boost::incidence_graph_tag {};
  using vertex_iterator = VertexIterator;
  using edge_iterator = ArcIterator;
  using out_edge_iterator = OutArcIterator;
  using in_edge_iterator = void;
  using adjacency_iterator = void;
  using vertices_size_type = VertexIndex;
  using edges_size_type = uint64_t;
  using degree_size_type = uint64_t;
  static vertex_descriptor null_vertex() { return static_cast<vertex_descriptor>(-1); }

  View(const CsrGraph& graph, const CancellationToken& cancellation) : graph_(graph), cancellation_(cancellation) {}

  const CsrGraph& csr() const { return graph_; }

  void Tick() const {
    if ((++ticks_ & 0xfff) != 0) return;
    if (auto status = cancellation_.Check(); !status) throw Stopped{std::move(status).error()};
  }

 private:
  const CsrGraph& graph_;
  const CancellationToken& cancellation_;
  mutable uint64_t ticks_ = 0;
};

// Found by argument-dependent look-up, hence the names in Boost's spelling.

template <class D>
std::pair<VertexIterator, VertexIterator> vertices(const View<D>& view) {
  return {VertexIterator(0), VertexIterator(view.csr().num_vertices())};
}

template <class D>
VertexIndex num_vertices(const View<D>& view) {
  return view.csr().num_vertices();
}

template <class D>
std::pair<ArcIterator, ArcIterator> edges(const View<D>& view) {
  constexpr bool kEachEdgeOnce = std::is_same_v<D, boost::undirected_tag>;
  return {ArcIterator(view.csr(), 0, kEachEdgeOnce), ArcIterator(view.csr(), view.csr().num_arcs(), kEachEdgeOnce)};
}

template <class D>
std::pair<OutArcIterator, OutArcIterator> out_edges(VertexIndex v, const View<D>& view) {
  view.Tick();
  const CsrAdjacency& out = view.csr().out();
  return {OutArcIterator(out.targets.data(), v, out.offsets[v]),
          OutArcIterator(out.targets.data(), v, out.offsets[v + 1])};
}

template <class D>
uint64_t out_degree(VertexIndex v, const View<D>& view) {
  return view.csr().OutDegree(v);
}

template <class D>
VertexIndex source(const ArcDescriptor& arc, const View<D>&) {
  return arc.start;
}

template <class D>
VertexIndex target(const ArcDescriptor& arc, const View<D>&) {
  return arc.end;
}

template <class D>
boost::typed_identity_property_map<VertexIndex> get(boost::vertex_index_t, const View<D>&) {
  return {};
}

template <class D>
VertexIndex get(boost::vertex_index_t, const View<D>&, VertexIndex v) {
  return v;
}

/// The weight of an arc as a readable property map. Requires: graph.weighted().
class ArcWeights {
 public:
  using key_type = ArcDescriptor;
  using value_type = double;
  using reference = double;
  using category = boost::readable_property_map_tag;

  explicit ArcWeights(const CsrGraph& graph) : weights_(graph.out().weights.data()) {}
  friend double get(const ArcWeights& map, const ArcDescriptor& arc) { return map.weights_[arc.position]; }

 private:
  const double* weights_;
};

/// Runs `algorithm`, which may be stopped by its View.
template <class Algorithm>
Status Run(Algorithm&& algorithm) {
  try {
    std::forward<Algorithm>(algorithm)();
    return {};
  } catch (const Stopped& stopped) {
    return stopped.error;
  }
}

}  // namespace tupu::boost_csr

namespace boost {

template <class DirectedCategory>
struct property_map<tupu::boost_csr::View<DirectedCategory>, vertex_index_t> {
  using type = typed_identity_property_map<tupu::VertexIndex>;
  using const_type = type;
};

}  // namespace boost
