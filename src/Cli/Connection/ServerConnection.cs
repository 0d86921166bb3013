using System.CommandLine;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>Selects the server of a command, and logs in to it.</summary>
internal sealed class ServerConnection(Terminal terminal)
{
    private const string DefaultServer = "http://localhost:10000";
    private const string KeyVariable = "WHARF_PSK";

    public CredentialStore Store { get; } = new(CredentialStore.DefaultFile(terminal));

    public Option<string?> Server { get; } = new("--server", "-s")
    {
        Description = $"The address of the server. Default: WHARF_SERVER, or the server of the latest login, or {DefaultServer}.", HelpName = "address", Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write results as JSON, for scripts.", Recursive = true };

    /// <summary>Returns the address of the server for a message; null if it cannot be determined.</summary>
    public Uri? TryGetAddress(ParseResult result)
    {
        try
        {
            return Address(result);
        }
        catch (Exception unreadable) when (unreadable is CommandException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Uri? Address(ParseResult result)
    {
        var text = result.GetValue(Server) ?? terminal.Variable("WHARF_SERVER") ?? Store.LastServer() ?? DefaultServer;
        if (!text.Contains("://", StringComparison.Ordinal))
            text = "http://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
    }

    /// <summary>Returns the address of the server.</summary>
    /// <exception cref="CommandException">The address is invalid.</exception>
    public Uri RequireAddress(ParseResult result) =>
        Address(result) ?? throw new CommandException($"'{result.GetValue(Server) ?? terminal.Variable("WHARF_SERVER")}' is not the address of a server", ExitCodes.Usage, "use http://host:port");

    /// <summary>Logs in with the key of <c>WHARF_PSK</c>, or the login that <c>wharf login</c> has stored, or anonymously.</summary>
    /// <exception cref="CommandException">The key or the stored login cannot be sent.</exception>
    public Task<Session> ConnectAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var address = RequireAddress(result);
        return Session.ConnectAsync(address, Login(address), cancellationToken: cancellationToken);
    }

    /// <summary>As <see cref="ConnectAsync"/>, for a command that creates a name: the names of an anonymous session end with the session.</summary>
    /// <exception cref="CommandException">The login is anonymous, or cannot be sent.</exception>
    public Task<Session> ConnectToNameAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var address = RequireAddress(result);
        var login = Login(address);
        if (login.Scheme == Credentials.Anonymous.Scheme)
        {
            throw new CommandException(
                "--as needs a login: the names of an anonymous session end with the session", ExitCodes.NotAllowed, $"log in with: wharf login --server {address}");
        }

        return Session.ConnectAsync(address, login, cancellationToken: cancellationToken);
    }

    private Credentials Login(Uri address)
    {
        var key = terminal.Variable(KeyVariable);
        try
        {
            return key is not null ? Credentials.PreSharedKey(key) : Store.Find(address) ?? Credentials.Anonymous;
        }
        catch (ArgumentException wrong)
        {
            throw new CommandException($"the login of {(key is not null ? KeyVariable : Store.File)} cannot be sent: {wrong.Message}", ExitCodes.Usage);
        }
    }
}
