#include "query/schema/show_catalog.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "query/functions/function_catalog.h"
#include "query/schema/catalog_procedures.h"

namespace tupu {

namespace {

Map Argument(std::string name, std::string type) {
  return {{"name", Value(name)},
          {"type", Value(type)},
          {"description", Value(fmt::format("{} :: {}", name, type))},
          {"isDeprecated", Value(false)}};
}

Value ArgumentsOf(const Function& function) {
  List list;
  const size_t count = std::min<size_t>(function.max_arguments, function.min_arguments + 8u);
  for (size_t i = 0; i < count; ++i)
    list.emplace_back(Argument(fmt::format("argument{}", i + 1), DescribeParameter(function, i)));
  return Value(std::move(list));
}

Result<ProcedureRows> ShowFunctions(const ProcedureContext&, const std::vector<Value>&) {
  ProcedureRows rows;
  for (const Function& function : AllFunctions()) {
    rows.push_back({Value(function.name), Value(CategoryOf(function)), Value(DescriptionOf(function)),
                    Value(SignatureOf(function)), Value(true), ArgumentsOf(function), Value(ResultTypeOf(function)),
                    Value(function.aggregate), Value(), Value(), Value(false), Value()});
  }
  return rows;
}

std::string FieldsText(const std::vector<ProcedureField>& fields) {
  std::string text;
  for (const ProcedureField& field : fields) {
    if (!text.empty()) text += ", ";
    text += field.name;
    if (field.default_value) text += " = " + field.default_value->ToString();
    text += " :: " + field.type;
  }
  return text;
}

Value FieldsList(const std::vector<ProcedureField>& fields) {
  List list;
  for (const ProcedureField& field : fields) list.emplace_back(Argument(field.name, field.type));
  return Value(std::move(list));
}

std::vector<Value> RowOf(const ProcedureSignature& signature) {
  const std::string text =
      fmt::format("{}({}) :: ({})", signature.name, FieldsText(signature.inputs), FieldsText(signature.outputs));
  return {Value(signature.name),
          Value(signature.description),
          Value("READ"),
          Value(false),
          Value(text),
          FieldsList(signature.inputs),
          FieldsList(signature.outputs),
          Value(false),
          Value(),
          Value(),
          Value(false),
          Value(),
          Value(Map{{"deprecated", Value(false)}})};
}

Result<ProcedureRows> ShowProcedures(const ProcedureContext& context, const std::vector<Value>&) {
  ProcedureRows rows;
  for (const Procedure& procedure : CatalogProcedures()) rows.push_back(RowOf(procedure.signature));
  if (context.registry != nullptr)
    for (const auto& [name, procedure] : context.registry->procedures()) rows.push_back(RowOf(procedure.signature));
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a[0].AsString() < b[0].AsString(); });
  return rows;
}

/// A store is one database; it is the default one and at home.
Result<ProcedureRows> ShowDatabases(const ProcedureContext&, const std::vector<Value>&) {
  return ProcedureRows{{Value("tupu"), Value("standard"), Value(List()), Value("read-write"), Value("localhost"),
                        Value("primary"), Value(true), Value("online"), Value("online"), Value(""), Value(""),
                        Value(true), Value(true), Value(List())}};
}

const std::array<Procedure, 3>& ShowCatalog() {
  static const std::array<Procedure, 3> kShow = {{{{"SHOW FUNCTIONS",
                                                    {},
                                                    {{"name", "STRING"},
                                                     {"category", "STRING"},
                                                     {"description", "STRING"},
                                                     {"signature", "STRING"},
                                                     {"isBuiltIn", "BOOLEAN"},
                                                     {"argumentDescription", "LIST OF MAP"},
                                                     {"returnDescription", "STRING"},
                                                     {"aggregating", "BOOLEAN"},
                                                     {"rolesExecution", "LIST OF STRING"},
                                                     {"rolesBoostedExecution", "LIST OF STRING"},
                                                     {"isDeprecated", "BOOLEAN"},
                                                     {"deprecatedBy", "STRING"}},
                                                    "Functions."},
                                                   ShowFunctions},
                                                  {{"SHOW PROCEDURES",
                                                    {},
                                                    {{"name", "STRING"},
                                                     {"description", "STRING"},
                                                     {"mode", "STRING"},
                                                     {"worksOnSystem", "BOOLEAN"},
                                                     {"signature", "STRING"},
                                                     {"argumentDescription", "LIST OF MAP"},
                                                     {"returnDescription", "LIST OF MAP"},
                                                     {"admin", "BOOLEAN"},
                                                     {"rolesExecution", "LIST OF STRING"},
                                                     {"rolesBoostedExecution", "LIST OF STRING"},
                                                     {"isDeprecated", "BOOLEAN"},
                                                     {"deprecatedBy", "STRING"},
                                                     {"option", "MAP"}},
                                                    "Procedures."},
                                                   ShowProcedures},
                                                  {{"SHOW DATABASES",
                                                    {},
                                                    {{"name", "STRING"},
                                                     {"type", "STRING"},
                                                     {"aliases", "LIST OF STRING"},
                                                     {"access", "STRING"},
                                                     {"address", "STRING"},
                                                     {"role", "STRING"},
                                                     {"writer", "BOOLEAN"},
                                                     {"requestedStatus", "STRING"},
                                                     {"currentStatus", "STRING"},
                                                     {"statusMessage", "STRING"},
                                                     {"error", "STRING"},
                                                     {"default", "BOOLEAN"},
                                                     {"home", "BOOLEAN"},
                                                     {"constituents", "LIST OF STRING"}},
                                                    "The database."},
                                                   ShowDatabases}}};
  return kShow;
}

}  // namespace

const Procedure* FindShowCatalog(std::string_view name) {
  for (const Procedure& procedure : ShowCatalog())
    if (procedure.signature.name == name) return &procedure;
  return nullptr;
}

}  // namespace tupu
