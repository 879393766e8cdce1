/// What extensions add to checking: messages of well-known types and formats that are written out.
extension Checker {
  /// Messages: only the well-known types that are plain values in CEL.
  mutating func message(_ id: Expression.ID) -> CELType {
    let name = expression.name(of: id)
    let types = expression.children(of: id).enumerated().map { index, child in
      let type = visit(child)
      return expression.isOptionalEntry(index, of: id) ? unwrapped(type, at: child) : type
    }
    let candidates = environment.candidates(for: name)
    guard let full = candidates.first(where: { WellKnownType.all[$0] != nil }),
      let known = WellKnownType.all[full]
    else {
      return report(
        "unsupported-message", "messages such as `\(name){…}` are not supported",
        at: expression[id].span, help: "write a map, `{'field': value}`")
    }
    checked.references[Int(id)] = .message(full)
    for (index, child) in expression.children(of: id).enumerated() {
      let field = expression.names[Int(expression[id].payload) + 1 + index]
      guard let wanted = known.fields[field] else {
        return report(
          "unknown-field", "`\(full)` has no field `\(field)`", at: expression[child].span,
          help: known.fields.isEmpty
            ? nil : "it has \(known.fields.keys.sorted().map { "`\($0)`" }.joined(separator: ", "))"
        )
      }
      require(wanted, types[index], at: child, of: field)
    }
    return strict ? known.type : .dyn
  }

  /// A format and a list that are both written out must fit: faults that would show only when the
  /// rule is used.
  mutating func checkFormat(_ id: Expression.ID) {
    let (format, list) = (expression[expression.child(0, of: id)], expression.child(1, of: id))
    guard format.kind == .literal, expression[list].kind == .list,
      expression.optionalEntries.isEmpty,
      case .string(let octets) = expression.constants[Int(format.payload)]
    else { return }
    var clauses = 0
    do throws(FormatError) {
      var place = 0
      while let clause = try FormatClause.next(in: octets.span, from: place, to: octets.count) {
        if clause.verb != UInt8(ascii: "%") { clauses += 1 }
        place = clause.range.upperBound
      }
    } catch {
      _ = report("invalid-format", error.message, at: format.span)
      return
    }
    let given = Int(expression[list].childCount)
    guard clauses != given else { return }
    _ = report(
      "invalid-format",
      "the format takes another number of arguments (\(clauses)) than the list has (\(given))",
      at: format.span)
  }
}
