#if Server
  /// The user that the first start of a site makes.
  public struct FirstAdmin: Sendable {
    /// Always the same.
    public static let name = "admin"
    /// What the shipped policies call those who may do everything, in either dialect.
    public static let roles = ["superuser", "all_access"]
    /// What OpenSearch maps to `all_access`.
    public static let backendRoles = ["admin"]

    /// The only copy: whoever starts the site must be shown it.
    public let password: String
  }

  extension SiteAuthenticator {
    /// Makes the users file with one user and a random password, if there is no file yet.
    ///
    /// - Returns: nil if there is a file, whatever is in it.
    /// - Throws: `FileFault` if it can't be made.
    public static func firstAdmin(usersFile path: String) throws(FileFault) -> FirstAdmin? {
      if PlainFile.isThere(path) { return nil }
      let password = PasswordHash.randomPassword()
      let hash: PasswordHash
      do throws(PasswordFault) {
        hash = try PasswordHash.make(Array(password.utf8))
      } catch {
        throw FileFault("no-password", error.description)
      }
      let user = User(
        name: FirstAdmin.name, passwordHash: hash, roles: FirstAdmin.roles,
        backendRoles: FirstAdmin.backendRoles)
      do throws(FileFault) {
        try TableFile<UserTable>(path).change(ifAbsent: .mustBe) { table throws(FileFault) in
          try table.add(user)
        }
      } catch {
        // Somebody else was faster.
        if error.code == "file-exists" { return nil }
        throw error
      }
      return FirstAdmin(password: password)
    }
  }
#endif
