#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/export/picture.h"
#include "storage/ontology/ontology.h"

namespace tupu {

struct VertexStyle {
  std::string_view shape;  // Graphviz's name
  std::string_view fill;   // "#rrggbb"; also `line`
  std::string_view line;
};

struct EdgeStyle {
  std::string_view color;
  std::string_view dash;    // Graphviz's style: solid, dashed, dotted
  std::string_view sample;  // the line as text, for a legend
  double width = 1.0;
  bool arrow = true;  // false: symmetric
};

/// The label that says most about a vertex: the one with most ancestors in the ontology, the first by name among equals;
/// "" for a vertex without labels.
std::string MainLabelOf(const Vertex& vertex, const Ontology& ontology);

/// Which look each label and edge type of a picture gets.
///
/// Stable   a label keeps its colour and shape from picture to picture: its slot of the palette comes from its name, moved
///          on only where two names of the ontology and the picture meet. A family has one hue in every data set; the types
///          of a family differ in shade and dash.
class PictureStyles {
 public:
  PictureStyles(const Picture& picture, const Ontology& ontology);

  std::string MainLabel(const Vertex& vertex) const { return MainLabelOf(vertex, ontology_); }
  const VertexStyle& OfLabel(std::string_view main_label) const;
  const EdgeStyle& OfType(std::string_view type) const;

 private:
  void GiveSlots(const Picture& picture);
  void GiveEdgeStyles(const Picture& picture);

  const Ontology& ontology_;
  std::map<std::string, VertexStyle, std::less<>> vertex_styles_;
  std::map<std::string, EdgeStyle, std::less<>> edge_styles_;
};

}  // namespace tupu
