using System.Text.Json;
using System.Text.Json.Serialization;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>A login as it is kept.</summary>
/// <param name="Scheme">The word that begins it.</param>
/// <param name="Token">What follows: a key, or name and password in base64.</param>
internal sealed record StoredLogin(string Scheme, string Token);

/// <summary>The logins that are kept.</summary>
/// <param name="Last">The server that was logged in to last.</param>
/// <param name="Servers">The logins by server.</param>
internal sealed record StoredLogins(string? Last, Dictionary<string, StoredLogin> Servers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoredLogins))]
internal sealed partial class StoredLoginsJson : JsonSerializerContext;

/// <summary>Keeps logins in a file that only its owner can read. Sessions end after minutes without a call, so it is not their tokens that are kept.</summary>
internal sealed class CredentialStore(string file)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string File => file;

    /// <summary><c>WHARF_CONFIG</c>, else <c>wharf</c> in the user's folder for configuration, and in it <c>credentials.json</c>.</summary>
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

    /// <returns>False when there was none.</returns>
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
        // What others can read they may have read, and what they can write may be their server.
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
            throw new CommandException($"{file} can be read by others, so its logins are not used", ExitCodes.NotAllowed, $"chmod 600 {file}, or log in anew after deleting it");
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
        // Whoever reads meanwhile finds the file as it was or as it will be; its mode is right before anything is in it.
        var next = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(next, options))
            JsonSerializer.Serialize(stream, logins, StoredLoginsJson.Default.StoredLogins);
        System.IO.File.Move(next, file, overwrite: true);
    }
}
