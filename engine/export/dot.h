#pragma once

#include <string>

#include "engine/export/picture.h"
#include "storage/ontology/ontology.h"

namespace tupu {

struct DotOptions {
  std::string language = "en";  // of the legend: display names of the ontology
  bool legend = true;
};

/// A picture as DOT: one statement a line, vertices and edges by id, so that equal pictures give equal bytes.
///
/// Look     colour and shape by main label, edges by family and type (engine/export/picture_style.h), symmetric edges
///          without arrow heads, what was asked for with a heavy frame; a table with title and legend above the drawing;
///          several fonts with Chinese are named. Small pictures write the type and what an edge is about beside it.
/// Layout   chosen by shape and size, as the attribute `layout`: chains with dot from left to right, all else with neato,
///          above 150 vertices with sfdp, overlaps removed.
/// Data     `tupu_id`, labels and types are carried as attributes of our own, and shown as tooltips in SVG.
std::string ToDot(const Picture& picture, const Ontology& ontology, const DotOptions& options);

}  // namespace tupu
