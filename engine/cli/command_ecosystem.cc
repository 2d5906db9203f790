#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/name_argument.h"
#include "engine/cli/relation_text.h"
#include "engine/export/picture_style.h"
#include "engine/verbs/ecosystem.h"
#include "engine/verbs/entity.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

// An ecosystem as rows of three kinds: members with their roles, what they cover, who brokers between them.
class EcosystemRows {
 public:
  EcosystemRows(const CommandContext& context, const GraphView& view, const EcosystemAnswer& found)
      : context_(context), ontology_(view.ontology()), found_(found), text_(ontology_, context.language) {
    for (const Vertex& vertex : found.circle.group) captions_.emplace(vertex.id, CaptionOf(vertex));
    for (const Partner& partner : found.circle.partners)
      captions_.emplace(partner.vertex.id, CaptionOf(partner.vertex));
  }

  std::vector<Row> Build() const {
    std::vector<Row> rows;
    for (const Partner& partner : found_.circle.partners) rows.push_back(MemberRow(partner));
    for (const CoveredTarget& target : found_.covered) rows.push_back(CoveredRow(target));
    for (const Broker& broker : found_.brokers) rows.push_back(BrokerRow(broker));
    return rows;
  }

 private:
  Row MemberRow(const Partner& partner) const {
    constexpr Text kMember = {"member", "成员"};
    std::vector<std::string> roles;
    for (const PartnerReason& reason : partner.reasons) {
      std::string role = text_.Relation(reason);
      if (reason.via) role += fmt::format(" ({})", CaptionOf(*reason.via));
      const std::string about = text_.About(reason);
      if (!about.empty()) role += ": " + about;
      if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(std::move(role));
    }
    return {context_.Say(kMember), CaptionOf(partner.vertex), KindOf(partner.vertex),
            fmt::format("{}", fmt::join(roles, "; ")), static_cast<int64_t>(partner.reasons.size())};
  }

  Row CoveredRow(const CoveredTarget& target) const {
    constexpr Text kCovers = {"covers", "覆盖"};
    std::vector<std::string> names;
    for (const VertexId member : target.members) names.push_back(captions_.at(member));
    std::sort(names.begin(), names.end());
    return {context_.Say(kCovers), CaptionOf(target.vertex), KindOf(target.vertex),
            fmt::format("{}", fmt::join(names, ", ")), static_cast<int64_t>(target.members.size())};
  }

  Row BrokerRow(const Broker& broker) const {
    constexpr Text kBroker = {"broker", "枢纽"};
    constexpr Text kBetweenness = {"betweenness {:.4g} among the members, without {}",
                                   "成员之间的介数 {:.4g}，不计 {}"};
    return {context_.Say(kBroker), captions_.at(broker.vertex), Value(),
            fmt::format(fmt::runtime(context_.Say(kBetweenness)), broker.betweenness, CaptionOf(found_.circle.subject)),
            static_cast<int64_t>(broker.partners)};
  }

  std::string KindOf(const Vertex& vertex) const {
    return vertex.labels.empty() ? ""
                                 : ontology_.DisplayOfLabel(MainLabelOf(vertex, ontology_), Code(context_.language));
  }

  const CommandContext& context_;
  const Ontology& ontology_;
  const EcosystemAnswer& found_;
  RelationText text_;
  std::map<VertexId, std::string> captions_;
};

Result<Picture> PictureOf(const CommandContext& context, const GraphView& view, const EcosystemAnswer& found) {
  constexpr Text kTitle = {"Ecosystem of {}", "{}的生态"};
  PictureBuilder builder(view);
  std::set<VertexId> highlights = {found.circle.subject.id};
  builder.AddVertex(found.circle.subject);
  for (const Partner& partner : found.circle.partners) AddPartner(partner, builder);
  TUPU_TRY(AddGroup(view, found.circle.group, builder));
  for (const Broker& broker : found.brokers) highlights.insert(broker.vertex);
  return builder.Build(fmt::format(fmt::runtime(context.Say(kTitle)), CaptionOf(found.circle.subject)),
                       PictureShape::kStar, std::move(highlights));
}

Result<ExitStatus> Run(const CommandContext& context) {
  constexpr Text kPart = {"part", "部分"};
  constexpr Text kName = {"name", "名称"};
  constexpr Text kKind = {"kind", "类别"};
  constexpr Text kDetail = {"roles, members, measure", "角色、成员、度量"};
  constexpr Text kCount = {"count", "数量"};
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  EcosystemOptions options;
  options.edges = ReadEdgeChoice(context.arguments);
  options.group = context.arguments.Has("group");
  options.cancellation = context.cancellation;
  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  TUPU_TRY_ASSIGN(const VertexId subject,
                  ResolveNameArgument(context, *graph.view, context.arguments.positionals()[0]));
  TUPU_TRY_ASSIGN(const EcosystemAnswer found, FindEcosystem(*graph.view, subject, options));
  Answer answer;
  answer.columns = {{"part", std::string(context.Say(kPart))},
                    {"name", std::string(context.Say(kName))},
                    {"kind", std::string(context.Say(kKind))},
                    {"detail", std::string(context.Say(kDetail))},
                    {"count", std::string(context.Say(kCount))}};
  answer.rows = EcosystemRows(context, *graph.view, found).Build();
  answer.picture = [&] { return PictureOf(context, *graph.view, found); };
  constexpr Text kNote = {"{}: {} members, {} covered, {} brokers", "{}：成员 {}，覆盖 {}，枢纽 {}"};
  answer.note = fmt::format(fmt::runtime(context.Say(kNote)), CaptionOf(found.circle.subject),
                            found.circle.partners.size(), found.covered.size(), found.brokers.size());
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec EcosystemCommand() {
  return {
      .name = "ecosystem",
      .group = CommandGroup::kAsk,
      .summary = {"members, roles, segments covered and key brokers around NAME",
                  "NAME 的生态：成员、角色、覆盖领域与枢纽"},
      .details = {"Members are the partners of NAME. Covers: what members do (edges of the family activity). Brokers:\n"
                  "betweenness among the members, NAME itself left out.\n\n  tupu ecosystem 华为 -o huawei.svg",
                  "成员即 NAME 的伙伴；覆盖：成员从事的领域与提供的产品；枢纽：成员之间的介数（不计 NAME 自身）。\n\n"
                  "  tupu ecosystem 华为 -o huawei.svg"},
      .positionals = {{.name = "NAME"}},
      .options = JoinOptions({{GroupOption()}, EdgeOptions(), AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
