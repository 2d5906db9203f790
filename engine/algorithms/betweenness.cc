#include "engine/algorithms/betweenness.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/algorithms/internal/brandes.h"
#include "engine/algorithms/internal/leaf_folding.h"

namespace tupu {
namespace {

Status CheckInput(const CsrGraph& graph) {
  if (!graph.simple())
    return Error{ErrorCode::kInvalidArgument,
                 "betweenness needs a simple graph; merge parallel edges and drop self loops"};
  const auto& weights = graph.out().weights;
  if (std::any_of(weights.begin(), weights.end(), [](double weight) { return !(weight > 0.0); }))
    return Error{ErrorCode::kInvalidArgument,
                 "betweenness reads weights as lengths, which must be above 0; found one that is not"};
  return {};
}

/// SplitMix64 (Steele, Lea, Flood 2014): the standard library's distributions differ from one library to the next.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  /// In [0, bound), without bias.
  uint64_t Below(uint64_t bound) {
    const uint64_t reject_from = UINT64_MAX - UINT64_MAX % bound;
    uint64_t drawn = Next();
    while (drawn >= reject_from) drawn = Next();
    return drawn % bound;
  }

 private:
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

/// `size` distinct vertices, ascending: the beginning of a shuffle of all.
std::vector<VertexIndex> DrawSources(VertexIndex num_vertices, uint64_t size, uint64_t seed) {
  std::vector<VertexIndex> vertices(num_vertices);
  std::iota(vertices.begin(), vertices.end(), VertexIndex{0});
  Random random(seed);
  for (uint64_t i = 0; i < size; ++i) std::swap(vertices[i], vertices[i + random.Below(num_vertices - i)]);
  vertices.resize(size);
  std::sort(vertices.begin(), vertices.end());
  return vertices;
}

template <class Brandes>
Status AddSources(const CsrGraph& graph, std::span<const VertexIndex> sources, std::span<const double> multiplicity,
                  std::span<double> scores, const CancellationToken& cancellation) {
  Brandes brandes(graph, multiplicity);
  for (const VertexIndex source : sources) {
    TUPU_TRY(cancellation.Check());
    brandes.AddSource(source, scores);
  }
  return {};
}

/// Sums over ordered pairs, of which `sources` are the first.
Result<std::vector<double>> SumOver(const CsrGraph& graph, std::span<const VertexIndex> sources,
                                    std::span<const double> multiplicity, const CancellationToken& cancellation) {
  std::vector<double> scores(graph.num_vertices(), 0.0);
  TUPU_TRY(graph.weighted() ? AddSources<LengthBrandes>(graph, sources, multiplicity, scores, cancellation)
                            : AddSources<LevelBrandes>(graph, sources, multiplicity, scores, cancellation));
  return scores;
}

/// Exact, undirected: the folded part is known, the core is summed. Each unordered pair once.
Result<std::vector<double>> SumFolded(const CsrGraph& graph, const CancellationToken& cancellation) {
  TUPU_TRY_ASSIGN(FoldedGraph folded, FoldLeaves(graph, cancellation));
  std::vector<VertexIndex> sources(folded.core.num_vertices());
  std::iota(sources.begin(), sources.end(), VertexIndex{0});
  TUPU_TRY_ASSIGN(const std::vector<double> core, SumOver(folded.core, sources, folded.multiplicity, cancellation));
  std::vector<double> scores = std::move(folded.betweenness);
  for (VertexIndex v = 0; v < folded.core.num_vertices(); ++v) scores[folded.original[v]] += core[v] / 2.0;
  return scores;
}

Result<std::vector<double>> SumSampledOrDirected(const CsrGraph& graph, const BetweennessOptions& options,
                                                 const CancellationToken& cancellation) {
  const VertexIndex n = graph.num_vertices();
  const uint64_t size = options.sampling_size == 0 ? n : std::min<uint64_t>(options.sampling_size, n);
  const std::vector<double> multiplicity(n, 1.0);
  const std::vector<VertexIndex> sources = DrawSources(n, size, options.sampling_seed);
  TUPU_TRY_ASSIGN(std::vector<double> scores, SumOver(graph, sources, multiplicity, cancellation));
  const double scale =
      static_cast<double>(n) / static_cast<double>(std::max<uint64_t>(size, 1)) / (graph.symmetric() ? 2.0 : 1.0);
  for (double& score : scores) score *= scale;
  return scores;
}

void Normalize(const CsrGraph& graph, std::vector<double>& scores) {
  const double n = graph.num_vertices();
  if (n < 3) return;  // there are no pairs of other vertices, all scores are 0
  const double pairs = (n - 1.0) * (n - 2.0) / (graph.symmetric() ? 2.0 : 1.0);
  for (double& score : scores) score /= pairs;
}

}  // namespace

Result<std::vector<double>> Betweenness(const CsrGraph& graph, const BetweennessOptions& options,
                                        const CancellationToken& cancellation) {
  TUPU_TRY(CheckInput(graph));
  TUPU_TRY(cancellation.Check());
  const bool exact = options.sampling_size == 0 || options.sampling_size >= graph.num_vertices();
  TUPU_TRY_ASSIGN(std::vector<double> scores, exact && graph.symmetric()
                                                  ? SumFolded(graph, cancellation)
                                                  : SumSampledOrDirected(graph, options, cancellation));
  if (options.normalized) Normalize(graph, scores);
  return scores;
}

}  // namespace tupu
