#include <set>

#include <fmt/format.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/name_argument.h"
#include "engine/cli/relation_text.h"
#include "engine/verbs/detail.h"
#include "engine/verbs/entity.h"
#include "engine/verbs/partners.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

constexpr Text kPartner = {"partner", "伙伴"};
constexpr Text kRelation = {"relation", "关系"};
constexpr Text kAbout = {"about", "事由"};
constexpr Text kVia = {"via", "经由"};
constexpr Text kBrand = {"brand", "品牌"};
constexpr Text kSources = {"sources", "来源"};
constexpr Text kDepth = {"depth", "层"};
constexpr Text kFrom = {"partner of", "通过"};
constexpr Text kWhy = {"why", "依据"};

// Which columns an answer needs: a brand only with --group, a level only with --depth.
struct PartnerColumns {
  bool depth = false;
  bool brand = false;
  bool why = false;
};

std::string CaptionIn(const std::map<VertexId, std::string>& captions, VertexId id) {
  const auto found = captions.find(id);
  return found == captions.end() ? std::string() : found->second;
}

std::vector<AnswerColumn> ColumnsOf(const CommandContext& context, const PartnerColumns& wanted) {
  const auto column = [&](const char* key, const Text& heading) {
    return AnswerColumn{key, std::string(context.Say(heading))};
  };
  std::vector<AnswerColumn> columns = {column("partner", kPartner)};
  if (wanted.depth) {
    columns.push_back(column("depth", kDepth));
    columns.push_back(column("partner_of", kFrom));
  }
  if (wanted.brand) columns.push_back(column("brand", kBrand));
  columns.push_back(column("relation", kRelation));
  columns.push_back(column("about", kAbout));
  columns.push_back(column("via", kVia));
  columns.push_back(column("sources", kSources));
  if (wanted.why) columns.push_back(column("why", kWhy));
  return columns;
}

Value SourcesOf(const PartnerReason& reason) {
  std::set<std::string> sources;
  for (const Edge* edge : {&reason.near, reason.far ? &*reason.far : nullptr}) {
    if (edge == nullptr) continue;
    for (std::string& source : TextsOf(edge->properties, "sources")) sources.insert(std::move(source));
  }
  return List(sources.begin(), sources.end());
}

// Everything that the edges behind a reason say.
std::string WhyText(const PartnerReason& reason) {
  const auto facts = [](const Edge& edge) {
    std::string text = edge.type;
    for (const auto& [key, value] : edge.properties)
      if (key != "sources") text += fmt::format("; {}: {}", key, PlainText(value));
    return text;
  };
  return reason.far ? facts(reason.near) + " | " + facts(*reason.far) : facts(reason.near);
}

Row RowOf(const PartnersAnswer& answer, const Partner& partner, const PartnerReason& reason,
          const std::map<VertexId, std::string>& captions, const RelationText& text, const PartnerColumns& wanted) {
  Row row = {CaptionOf(partner.vertex)};
  if (wanted.depth) {
    row.emplace_back(static_cast<int64_t>(partner.depth));
    row.push_back(partner.depth == 1 ? Value() : Value(CaptionIn(captions, reason.member)));
  }
  const bool brand = partner.depth == 1 && reason.member != answer.subject.id;
  if (wanted.brand) row.push_back(brand ? Value(CaptionIn(captions, reason.member)) : Value());
  row.emplace_back(text.Relation(reason));
  row.emplace_back(text.About(reason));
  row.push_back(reason.via ? Value(CaptionOf(*reason.via)) : Value());
  row.push_back(SourcesOf(reason));
  if (wanted.why) row.emplace_back(WhyText(reason));
  return row;
}

Result<Picture> PictureOf(const GraphView& view, const PartnersAnswer& answer) {
  PictureBuilder builder(view);
  builder.AddVertex(answer.subject);
  for (const Partner& partner : answer.partners) AddPartner(partner, builder);
  TUPU_TRY(AddGroup(view, answer.group, builder));
  return builder.Build(CaptionOf(answer.subject), PictureShape::kStar, {answer.subject.id});
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  PartnersOptions options;
  options.edges = ReadEdgeChoice(context.arguments);
  options.group = context.arguments.Has("group");
  options.cancellation = context.cancellation;
  TUPU_TRY_ASSIGN(const uint64_t depth, context.arguments.GetCount("depth", 1, 1));
  options.depth = static_cast<uint32_t>(std::min<uint64_t>(depth, UINT32_MAX));

  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  TUPU_TRY_ASSIGN(const VertexId subject,
                  ResolveNameArgument(context, *graph.view, context.arguments.positionals()[0]));
  TUPU_TRY_ASSIGN(const PartnersAnswer found, FindPartners(*graph.view, subject, options));

  const PartnerColumns wanted{options.depth > 1, options.group, context.arguments.Has("why")};
  std::map<VertexId, std::string> captions;
  for (const Vertex& vertex : found.group) captions.emplace(vertex.id, CaptionOf(vertex));
  for (const Partner& partner : found.partners) captions.emplace(partner.vertex.id, CaptionOf(partner.vertex));
  const RelationText text(graph.view->ontology(), context.language);
  Answer answer;
  answer.columns = ColumnsOf(context, wanted);
  for (const Partner& partner : found.partners)
    for (const PartnerReason& reason : partner.reasons)
      answer.rows.push_back(RowOf(found, partner, reason, captions, text, wanted));
  answer.picture = [&] { return PictureOf(*graph.view, found); };
  constexpr Text kNote = {"{}: {} partners, {} reasons", "{}：{} 个伙伴，{} 条依据"};
  answer.note = fmt::format(fmt::runtime(context.Say(kNote)), CaptionOf(found.subject), found.partners.size(),
                            answer.rows.size());
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec PartnersCommand() {
  return {
      .name = "partners",
      .group = CommandGroup::kAsk,
      .summary = {"who partners with NAME, each with its reason", "谁与 NAME 合作，逐条给出依据"},
      .details = {"Partners are those at the other end of a cooperation edge, and those who build, lead or join the\n"
                  "same centre, product, initiative or alliance (column via).\n\n"
                  "  tupu partners 华为\n  tupu partners 腾讯 --group -o tencent.svg",
                  "合作关系的另一端，以及共建、牵头、加入同一中心、产品、举措或联盟者（见“经由”列）。\n\n"
                  "  tupu partners 华为\n  tupu partners 腾讯 --group -o tencent.svg"},
      .positionals = {{.name = "NAME"}},
      .options = JoinOptions({{{.name = "depth",
                                .value = "N",
                                .help = {"also partners of partners, N steps (1)", "含伙伴的伙伴，共 N 层（缺省 1）"}},
                               {.name = "why", .help = {"show all that each edge says", "列出每条关系的全部内容"}},
                               GroupOption()},
                              EdgeOptions(),
                              AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
