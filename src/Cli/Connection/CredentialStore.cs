using System.Text.Json;
using System.Text.Json.Serialization;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>A stored login.</summary>
/// <param name="Scheme">The login scheme.</param>
/// <param name="Token">The key, or the name and password in base64.</param>
internal sealed record StoredLogin(string Scheme, string Token);

/// <summary>The stored logins.</summary>
/// <param name="Last">The server of the latest login.</param>
/// <param name="Servers">The logins by server.</param>
internal sealed record StoredLogins(string? Last, Dictionary<string, StoredLogin> Servers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoredLogins))]
internal sealed partial class StoredLoginsJson : JsonSerializerContext;

/// <summary>Stores logins in a file that only its owner can read. It stores credentials instead of session tokens, which expire after minutes without a call.</summary>
internal sealed class CredentialStore(string file)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string File => file;

    /// <summary>Returns <c>credentials.json</c> in the folder <c>WHARF_CONFIG</c>, by default <c>wharf</c> in the user's configuration folder.</summary>
    public static string DefaultFile(Terminal terminal) => Path.Combine(
        terminal.Variable("WHARF_CONFIG") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "wharf"),
        "credentials.json");

    public string? LastServer() => Read().Last;

    public Credentials? Find(Uri server) => Read().Servers.TryGetValue(Key(server), out var login) ? ToCredentials(login) : null;

    public static Credentials ToCredentials(StoredLogin login) => login.Token.Length == 0 ? Credentials.Anonymous : Credentials.Custom(login.Scheme, login.Token);

    public void Put(Uri server, StoredLogin login)
    {
        var logins = Read();
        logins.Servers[Key(server)] = login;
        Write(logins with { Last = Key(server) });
    }

    /// <returns>False if there was no login.</returns>
    public bool Remove(Uri server)
    {
        var logins = Read();
        if (!logins.Servers.Remove(Key(server)))
            return false;
        Write(logins with { Last = logins.Last == Key(server) ? null : logins.Last });
        return true;
    }

    private static string Key(Uri server) => server.GetLeftPart(UriPartial.Authority);

    private StoredLogins Read()
    {
        if (!System.IO.File.Exists(file))
            return new StoredLogins(null, []);
        // Other users may have read the logins, or changed the servers.
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
            throw new CommandException($"the file {file} can be accessed by other users, so its logins are not used", ExitCodes.NotAllowed, $"run chmod 600 {file}, or delete it and log in again");
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllText(file), StoredLoginsJson.Default.StoredLogins) ?? new StoredLogins(null, []);
        }
        catch (JsonException wrong)
        {
            throw new CommandException($"{file} cannot be read: {wrong.Message}", advice: "delete it and log in again");
        }
    }

    private void Write(StoredLogins logins)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        // The file is replaced atomically, and its mode is set before its content is written.
        var next = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(next, options))
            JsonSerializer.Serialize(stream, logins, StoredLoginsJson.Default.StoredLogins);
        System.IO.File.Move(next, file, overwrite: true);
    }
}
