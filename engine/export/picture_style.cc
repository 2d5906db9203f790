#include "engine/export/picture_style.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace tupu {

namespace {

struct Colour {
  std::string_view fill;
  std::string_view line;
};

// Light fills that carry black text, each with a darker line of its hue; neighbours in the list differ most.
constexpr std::array<Colour, 12> kColours = {{{"#cfe3f7", "#2b6cb0"},
                                              {"#fde2c4", "#c05621"},
                                              {"#d3f0d8", "#2f855a"},
                                              {"#e6d9f5", "#6b46c1"},
                                              {"#fbd5df", "#b83280"},
                                              {"#fdf1b8", "#b7791f"},
                                              {"#cdeff0", "#0e7490"},
                                              {"#e8decf", "#7b5b3a"},
                                              {"#dfe8b9", "#5f7a12"},
                                              {"#d9dcf7", "#434190"},
                                              {"#f5d0c9", "#9b2c2c"},
                                              {"#e2e8f0", "#4a5568"}}};
constexpr std::array<std::string_view, 7> kShapes = {"box",     "ellipse", "hexagon",  "note",
                                                     "octagon", "folder",  "component"};

struct FamilyHue {
  std::string_view family;
  std::array<std::string_view, 3> shades;
};

constexpr std::array<FamilyHue, 7> kFamilyHues = {{{"cooperation", {"#1f6feb", "#0b3d91", "#5aa2ff"}},
                                                   {"ownership", {"#c0392b", "#7b1e15", "#e57368"}},
                                                   {"supply", {"#1e8449", "#0e4d2a", "#58b47c"}},
                                                   {"structure", {"#7f8c8d", "#4d5656", "#aab7b8"}},
                                                   {"activity", {"#d68910", "#935f0a", "#f0b65a"}},
                                                   {"document", {"#7d3c98", "#4a235a", "#b07cc6"}},
                                                   {"", {"#566573", "#2c3e50", "#85929e"}}}};

struct Dash {
  std::string_view style;
  std::string_view sample;
};
constexpr std::array<Dash, 3> kDashes = {{{"solid", "━━━"}, {"dashed", "╍╍╍"}, {"dotted", "┅┅┅"}}};

// FNV-1a: the same on every machine, which std::hash does not promise.
uint32_t StableHash(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

const FamilyHue& HueOf(std::string_view family) {
  const auto found =
      std::find_if(kFamilyHues.begin(), kFamilyHues.end(), [&](const FamilyHue& hue) { return hue.family == family; });
  return found == kFamilyHues.end() ? kFamilyHues.back() : *found;
}

size_t CountAncestors(const Ontology& ontology, std::string_view label) {
  return static_cast<size_t>(std::count_if(ontology.labels().begin(), ontology.labels().end(), [&](const auto& other) {
    return other.first != label && ontology.IsA(label, other.first);
  }));
}

}  // namespace

PictureStyles::PictureStyles(const Picture& picture, const Ontology& ontology) : ontology_(ontology) {
  GiveSlots(picture);
  GiveEdgeStyles(picture);
}

void PictureStyles::GiveSlots(const Picture& picture) {
  std::set<std::string, std::less<>> labels = {""};
  for (const auto& [label, rule] : ontology_.labels()) labels.insert(label);
  for (const Vertex& vertex : picture.vertices) labels.insert(vertex.labels.begin(), vertex.labels.end());
  // The ontology's labels first: what a picture adds must not move them.
  std::vector<std::string> ordered;
  for (const auto& [label, rule] : ontology_.labels()) ordered.push_back(label);
  for (const std::string& label : labels)
    if (ontology_.FindLabel(label) == nullptr) ordered.push_back(label);

  std::array<size_t, kColours.size()> used{};
  for (const std::string& label : ordered) {
    const uint32_t hash = StableHash(label);
    const size_t least = *std::min_element(used.begin(), used.end());
    size_t slot = hash % kColours.size();
    while (used[slot] != least) slot = (slot + 1) % kColours.size();
    // A colour taken a second time comes with another shape.
    const size_t shape = (slot + used[slot]++ * 3) % kShapes.size();
    vertex_styles_.emplace(label, VertexStyle{kShapes[shape], kColours[slot].fill, kColours[slot].line});
  }
}

void PictureStyles::GiveEdgeStyles(const Picture& picture) {
  std::set<std::string, std::less<>> types;
  for (const auto& [type, rule] : ontology_.edge_types()) types.insert(type);
  for (const Edge& edge : picture.edges) types.insert(edge.type);
  std::map<std::string_view, size_t> count_of_family;
  for (const std::string& type : types) {
    const EdgeTypeRule* rule = ontology_.FindEdgeType(type);
    const FamilyHue& hue = HueOf(rule == nullptr ? std::string_view() : std::string_view(rule->family));
    const size_t place = count_of_family[hue.family]++;
    const Dash& dash = kDashes[place % kDashes.size()];
    EdgeStyle style;
    style.color = hue.shades[(place + place / kDashes.size()) % hue.shades.size()];
    style.dash = dash.style;
    style.sample = dash.sample;
    style.width = hue.family == "ownership" ? 1.8 : 1.3;
    style.arrow = rule == nullptr || !rule->symmetric;
    edge_styles_.emplace(type, style);
  }
}

std::string MainLabelOf(const Vertex& vertex, const Ontology& ontology) {
  std::string main;
  size_t most = 0;
  for (const std::string& label : vertex.labels) {
    const size_t ancestors = CountAncestors(ontology, label);
    if (main.empty() || ancestors > most) {
      main = label;
      most = ancestors;
    }
  }
  return main;
}

const VertexStyle& PictureStyles::OfLabel(std::string_view main_label) const {
  return vertex_styles_.find(main_label)->second;
}

const EdgeStyle& PictureStyles::OfType(std::string_view type) const {
  return edge_styles_.find(type)->second;
}

}  // namespace tupu
