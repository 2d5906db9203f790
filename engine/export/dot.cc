#include "engine/export/dot.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/export/dot_text.h"
#include "engine/export/picture_style.h"
#include "engine/verbs/detail.h"
#include "engine/verbs/entity.h"

namespace tupu {

namespace {

// The first that a machine has is used; between them they cover Debian, Windows and macOS.
constexpr std::string_view kFonts =
    "Noto Sans CJK SC,Source Han Sans SC,WenQuanYi Zen Hei,WenQuanYi Micro Hei,Microsoft YaHei,PingFang SC,sans-serif";
constexpr int kNameWidth = 14;             // columns of a line in a vertex: seven Chinese characters
constexpr size_t kMostLabelledEdges = 24;  // above, the legend alone names the types
constexpr size_t kMostVerticesForNeato = 150;
constexpr size_t kMostVerticesWithBends = 80;

class DotWriter {
 public:
  DotWriter(const Picture& picture, const Ontology& ontology, const DotOptions& options)
      : picture_(picture), ontology_(ontology), options_(options), styles_(picture, ontology) {}

  std::string Write() {
    Line("digraph tupu {{");
    WriteGraphAttributes();
    for (const Vertex& vertex : picture_.vertices) WriteVertex(vertex);
    for (const Edge& edge : picture_.edges) WriteEdge(edge);
    Line("}}");
    return std::move(out_);
  }

 private:
  template <class... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void WriteLayout() {
    if (picture_.shape == PictureShape::kChain) {
      Line("  layout=dot; rankdir=LR; nodesep=0.35; ranksep=0.9;");
    } else if (picture_.vertices.size() > kMostVerticesForNeato) {
      Line(
          "  layout=sfdp; overlap=prism; overlap_scaling=-4; K=1.2; repulsiveforce=1.6; splines=line; sep=\"+6\"; "
          "start=1;");
    } else {
      // Bending lines around vertices takes seconds beyond some dozens of them.
      Line("  layout=neato; overlap=prism; overlap_scaling=-4; splines={}; sep=\"+10\"; esep=\"+4\"; start=1;",
           picture_.vertices.size() > kMostVerticesWithBends ? "line" : "true");
    }
  }

  void WriteGraphAttributes() {
    Line("  charset=\"UTF-8\"; bgcolor=\"#ffffff\"; outputorder=edgesfirst; pad=0.3;");
    WriteLayout();
    Line("  fontname={}; fontsize=12; labelloc=t; labeljust=l;", DotString(kFonts));
    if (options_.legend) Line("  label=<{}>;", Legend());
    Line("  node [fontname={}, fontsize=12, style=filled, penwidth=1.2, margin=\"0.12,0.06\"];", DotString(kFonts));
    Line("  edge [fontname={}, fontsize=10, arrowsize=0.7];", DotString(kFonts));
  }

  void WriteVertex(const Vertex& vertex) {
    const std::string label = styles_.MainLabel(vertex);
    const VertexStyle& style = styles_.OfLabel(label);
    const bool highlighted = picture_.highlights.contains(vertex.id);
    Line("  v{} [label={}, shape={}, fillcolor=\"{}\", color=\"{}\"{}, class={}, tupu_id=\"{}\", tooltip={}];",
         ToInteger(vertex.id), DotString(WrapText(CaptionOf(vertex), kNameWidth, 4)), style.shape, style.fill,
         style.line, highlighted ? ", penwidth=3.5, fontsize=16" : "", DotString(label), ToInteger(vertex.id),
         DotString(fmt::format("{} ({})", CaptionOf(vertex), fmt::join(vertex.labels, ", "))));
  }

  void WriteEdge(const Edge& edge) {
    const EdgeStyle& style = styles_.OfType(edge.type);
    const std::string display = ontology_.DisplayOfEdgeType(edge.type, options_.language);
    const std::string detail = DetailOf(edge);
    const std::string said = detail.empty() ? display : fmt::format("{}: {}", display, detail);
    // Chains are laid out in the order of the walk, so a step against an edge is drawn from its end.
    const bool backwards = RunsBackwards(edge);
    const std::string_view heads = !style.arrow ? ", dir=none" : backwards ? ", dir=back" : "";
    Line("  v{} -> v{} [color=\"{}\", style={}, penwidth={}{}{}, class={}, tupu_id=\"{}\", tooltip={}];",
         ToInteger(backwards ? edge.end : edge.start), ToInteger(backwards ? edge.start : edge.end), style.color,
         style.dash, style.width, heads, EdgeLabel(style, display, detail), DotString(edge.type), ToInteger(edge.id),
         DotString(said));
  }

  bool RunsBackwards(const Edge& edge) const {
    if (picture_.shape != PictureShape::kChain) return false;
    const auto start = picture_.places.find(edge.start);
    const auto end = picture_.places.find(edge.end);
    return start != picture_.places.end() && end != picture_.places.end() && end->second < start->second;
  }

  // In a chain every step is named; elsewhere the legend names the types, and only what is more is written, on white so that
  // no line runs through it.
  std::string EdgeLabel(const EdgeStyle& style, const std::string& display, const std::string& detail) const {
    const bool chain = picture_.shape == PictureShape::kChain;
    if (!chain && (detail.empty() || picture_.edges.size() > kMostLabelledEdges)) return "";
    const std::string lines = DotHtml(WrapText(!chain           ? detail
                                               : detail.empty() ? display
                                                                : display + ": " + detail,
                                               20, 3));
    // dot keeps room for labels; elsewhere the edge is made longer, so that its head shows beside the label.
    return fmt::format(
        ", label=<<table border=\"0\" cellborder=\"0\" cellpadding=\"1\"{}><tr><td>{}</td></tr></table>>, "
        "fontcolor=\"{}\"{}",
        chain ? "" : " bgcolor=\"#ffffff\"", lines, style.color, chain ? "" : ", len=2.4");
  }

  // A table: the title, a row of labels, a row of edge types. As the label of the graph it never covers the drawing.
  std::string Legend() const {
    std::map<std::string, std::string> labels;  // display name -> label, of the main labels that occur
    for (const Vertex& vertex : picture_.vertices) {
      const std::string label = styles_.MainLabel(vertex);
      if (!label.empty()) labels.emplace(ontology_.DisplayOfLabel(label, options_.language), label);
    }
    std::map<std::string, std::string> types;
    for (const Edge& edge : picture_.edges)
      types.emplace(ontology_.DisplayOfEdgeType(edge.type, options_.language), edge.type);

    std::string table = "<table border=\"0\" cellborder=\"0\" cellspacing=\"4\" cellpadding=\"3\">";
    if (!picture_.title.empty())
      table += fmt::format("<tr><td align=\"left\"><font point-size=\"20\"><b>{}</b></font></td></tr>",
                           DotHtml(picture_.title));
    AppendRows(table, labels, [&](const std::string& display, const std::string& label) {
      const VertexStyle& style = styles_.OfLabel(label);
      return fmt::format("<td align=\"left\" bgcolor=\"{}\"><font color=\"#000000\">{}</font></td>", style.fill,
                         DotHtml(display));
    });
    AppendRows(table, types, [&](const std::string& display, const std::string& type) {
      const EdgeStyle& style = styles_.OfType(type);
      return fmt::format("<td align=\"left\"><font color=\"{}\">{}{} {}</font></td>", style.color, style.sample,
                         style.arrow ? "▶" : "", DotHtml(display));
    });
    // A table needs a cell, even over an empty picture.
    if (table.find("<td") == std::string::npos) table += "<tr><td></td></tr>";
    return table + "</table>";
  }

  static constexpr size_t kCellsOfRow = 6;

  template <class Cell>
  static void AppendRows(std::string& table, const std::map<std::string, std::string>& entries, Cell cell) {
    // A table of its own for each list, so that the widths of one do not stretch the other.
    if (entries.empty()) return;
    table +=
        "<tr><td align=\"left\"><table align=\"left\" border=\"0\" cellborder=\"0\" cellspacing=\"4\" "
        "cellpadding=\"3\">";
    size_t column = 0;
    for (const auto& [display, name] : entries) {
      if (column % kCellsOfRow == 0) table += column == 0 ? "<tr>" : "</tr><tr>";
      table += cell(display, name);
      ++column;
    }
    table += "</tr></table></td></tr>";
  }

  const Picture& picture_;
  const Ontology& ontology_;
  const DotOptions& options_;
  PictureStyles styles_;
  std::string out_;
};

}  // namespace

std::string ToDot(const Picture& picture, const Ontology& ontology, const DotOptions& options) {
  return DotWriter(picture, ontology, options).Write();
}

}  // namespace tupu
