#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// How a spelling of a vertex fits the text that was asked for, best first.
enum class NameFit : uint8_t {
  kExact,     // equal after NormalizeName
  kBegins,    // the spelling begins with the text
  kContains,  // the text stands inside the spelling
  kInside,    // the spelling (two letters or more) stands inside the text
  kSimilar,   // some edits away
};

/// "exact", "begins", "contains", "inside", "similar".
std::string_view Name(NameFit fit);

struct NameMatch {
  VertexId vertex{};
  std::string spelling;  // the one of `name` and `aliases` that fits best
  NameFit fit = NameFit::kExact;
  size_t distance = 0;  // kSimilar: edits; else the letters by which the two differ in length
};

/// Vertices with a spelling like `text`, best fit first, then least distance, spelling and id: at most `limit`.
/// Exact hits come from the name index, and then nothing else is looked for unless `beyond_exact`.
/// Cost  one look-up; without an exact hit a scan of all vertices.
Result<std::vector<NameMatch>> FindByText(const GraphView& view, std::string_view text, size_t limit, bool beyond_exact,
                                          const CancellationToken& cancellation);

/// What a name of the user stands for.
struct NameResolution {
  std::vector<VertexId> hits;      // ascending; one: it is used
  std::vector<NameMatch> nearest;  // without a hit: what may have been meant
};

/// Resolves what a user typed: a name or alias; `Label:name` for the hits that carry the label; `#7` for the vertex with
/// that number. Errors: those of `view` and kCancelled; finding nothing is a result.
Result<NameResolution> ResolveName(const GraphView& view, std::string_view text, const CancellationToken& cancellation);

/// One of several vertices of one name, and what tells it apart.
struct Candidate {
  Vertex vertex;
  std::vector<std::string> differences;  // "region: 北京": properties in which the candidates differ, at most three
  uint64_t degree = 0;
};

/// Reads the candidates of an ambiguous name, in the order of `hits`.
Result<std::vector<Candidate>> DescribeCandidates(const GraphView& view, const std::vector<VertexId>& hits);

}  // namespace tupu
