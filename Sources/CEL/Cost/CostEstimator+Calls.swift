/// What functions cost. Those that are not here have no bound that is worth anything.
extension CostEstimator {
  mutating func call(_ id: ID) -> (Amount, Extent) {
    var arguments = Array(expression.children(of: id))
    if checked.namespaced.contains(id) { arguments.removeFirst() }
    let parts = all(arguments)
    switch checked.reference(id) {
    case .builtin(let builtin):
      // Many arguments become a list first.
      let packing = checked.listed.contains(id) ? Amount(2 * arguments.count + 1) : .zero
      let types = arguments.map { checked.types[Int($0)] }
      let (own, size) = price(builtin, arguments, types, parts.sizes)
      return (parts.cost + packing.orNothing + own.orNothing, size)
    case .host: return (parts.cost, .unknown)
    default: return (parts.cost, .unknown)
    }
  }

  private func price(
    _ builtin: Builtin, _ arguments: [ID], _ types: [CELType], _ sizes: [Extent]
  ) -> (Amount, Extent) {
    guard let type = types.first, let size = sizes.first else {
      return (builtin == .optionalNone ? .zero : .any, .unknown)
    }
    switch builtin {
    case .type, .or, .orValue, .hasValue, .optionalValue: return (.zero, .unknown)
    case .dyn: return (.zero, size)
    case .size: return (type == .string || !isKnown(type) ? size.length.asOctets : .zero, .unknown)
    case .startsWith, .endsWith: return (sizes[1].length.asOctets, .unknown)
    case .contains:
      let work = size.length * Amount(17) + sizes[1].length
      return (sizes[1].length.asOctets + work.asOctets, .unknown)
    case .matches: return (match(arguments[1], size.length), .unknown)
    case .int, .uint, .double, .bool, .timestamp, .duration:
      return (isKnown(type) && !Self.isText(type) ? .zero : size.length.asOctets, .unknown)
    case .string: return text(of: type, size)
    case .bytes: return (.zero, .text(size.length))
    case _ where builtin.timestampField != nil: return (.zero, .unknown)
    default: return extended(builtin, type, size, sizes)
    }
  }

  private func isKnown(_ type: CELType) -> Bool {
    switch type {
    case .dyn, .unknown, .parameter, .nullable: false
    default: true
    }
  }

  private func text(of type: CELType, _ size: Extent) -> (Amount, Extent) {
    switch type {
    case .string: (.zero, size)
    case .bytes: (size.length.asOctets, size)
    case _ where isKnown(type): (Amount(Memory.scalarTextCost), .text(Amount(1, 64)))
    default: (size.length.asOctets + Amount(Memory.scalarTextCost), .unknown)
    }
  }

  /// A constant pattern over a text: reading it once, and making the states that it leads to.
  private func match(_ pattern: ID, _ length: Amount) -> Amount {
    guard expression[pattern].kind == .literal,
      case .string(let octets) = expression.constants[Int(expression[pattern].payload)],
      let regex = program.regex(octets)
    else { return .any }
    let read = Amount(2, length.most.map { 2 + $0 / 8 })
    let most = length.most.map { regex.mostWork(octets: $0) / Memory.regexWorkPerStep + 1 }
    return read + Amount(0, most)
  }

  private func extended(
    _ builtin: Builtin, _ type: CELType, _ size: Extent, _ sizes: [Extent]
  ) -> (Amount, Extent) {
    let length = size.length
    switch builtin {
    case .charAt, .substring, .trim:
      return (length.asOctets + length.asOctets, .text(length.orNothing))
    case .lowerAscii, .upperAscii: return (length.asOctets + length.asOctets, .text(length))
    case .reverse where type == .string: return (length.asOctets + length.asOctets, .text(length))
    case .reverse: return (length, size)
    case .slice: return (.zero, .list(length.orNothing, of: size.element))
    case .setContains, .setEquivalent, .setIntersects:
      let other = sizes[1].length
      guard isKnown(type) else { return (.any, .unknown) }
      let each = Amount(4) + deep(type, .list(Amount(1), of: size.element))
      return (
        length + other + length * other * each + length * other * each + other + length, .unknown
      )
    case .greatest, .least: return (isKnown(type) && Self.isCheap(type) ? .zero : length, .unknown)
    case .optionalOf: return (Amount(1), .unknown)
    case .isIP, .isCIDR,
      .isCanonical where type == .string:
      return ((length + Amount(32)).asOctets, .unknown)
    default:
      return (builtin.group == .math ? .zero : .any, .unknown)
    }
  }
}

extension Program {
  /// The compiled form of a constant pattern.
  func regex(_ octets: [UInt8]) -> Regex? {
    memory.find(octets).flatMap { memory.constantRegexes[$0] }.map { memory.regexes[$0] }
  }
}

extension Regex {
  /// The most work, in the units of ``RegexScratch``, that matching a text of so many octets takes
  /// beyond reading it.
  func mostWork(octets: Int) -> Int {
    let (octets, instructions, symbols) = size(forTextOf: octets)
    if instructions == 0 { return symbols * octets / 8 + symbols }
    // Every character may lead to a new state, and every state may be made anew after a reset.
    let each = 10 * instructions + 16 + symbols / 4
    let (work, overflow) = (octets + 4).multipliedReportingOverflow(by: each)
    return overflow ? Amount.ceiling : min(work, Amount.ceiling)
  }
}
