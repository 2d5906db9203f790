#include "engine/algorithms/components.h"

#include <boost/graph/connected_components.hpp>
#include <boost/graph/strong_components.hpp>

#include "engine/algorithms/internal/boost_csr.h"

namespace tupu {
namespace {

auto ComponentMap(std::vector<VertexIndex>& component) {
  return boost::make_iterator_property_map(component.begin(), boost::typed_identity_property_map<VertexIndex>());
}

/// Numbers components in the order in which a walk over the vertices meets them.
void NumberByLeastVertex(Components& components) {
  constexpr VertexIndex kUnnamed = static_cast<VertexIndex>(-1);
  std::vector<VertexIndex> number(components.count, kUnnamed);
  VertexIndex next = 0;
  for (VertexIndex& component : components.component) {
    if (number[component] == kUnnamed) number[component] = next++;
    component = number[component];
  }
}

}  // namespace

Result<Components> WeaklyConnectedComponents(const CsrGraph& graph, const CancellationToken& cancellation) {
  if (!graph.symmetric())
    return Error{ErrorCode::kInvalidArgument, "weak components need a symmetric CSR graph; build it undirected"};
  TUPU_TRY(cancellation.Check());
  Components result{std::vector<VertexIndex>(graph.num_vertices()), 0};
  const boost_csr::View<boost::undirected_tag> view(graph, cancellation);
  TUPU_TRY(boost_csr::Run([&] { result.count = boost::connected_components(view, ComponentMap(result.component)); }));
  return result;  // Boost starts a component at its least vertex, in order: numbered as promised
}

Result<Components> StronglyConnectedComponents(const CsrGraph& graph, const CancellationToken& cancellation) {
  TUPU_TRY(cancellation.Check());
  Components result{std::vector<VertexIndex>(graph.num_vertices()), 0};
  const boost_csr::View<boost::directed_tag> view(graph, cancellation);
  TUPU_TRY(boost_csr::Run([&] { result.count = boost::strong_components(view, ComponentMap(result.component)); }));
  NumberByLeastVertex(result);
  return result;
}

}  // namespace tupu
