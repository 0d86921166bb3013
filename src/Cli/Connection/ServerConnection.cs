using System.CommandLine;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>Which server is meant, and how to log in there.</summary>
internal sealed class ServerConnection(Terminal terminal)
{
    private const string DefaultServer = "http://localhost:10000";
    private const string KeyVariable = "WHARF_PSK";

    public CredentialStore Store { get; } = new(CredentialStore.DefaultFile(terminal));

    public Option<string?> Server { get; } = new("--server", "-s")
    {
        Description = $"The server's address. Default: WHARF_SERVER, else where you logged in last, else {DefaultServer}.", HelpName = "address", Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write results as JSON, for scripts.", Recursive = true };

    /// <summary>The server that is meant, for a message about it; null when that cannot be told.</summary>
    public Uri? KnownAddress(ParseResult result)
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

    /// <summary>The server that is meant.</summary>
    /// <exception cref="CommandException">Its address is none.</exception>
    public Uri RequireAddress(ParseResult result) =>
        Address(result) ?? throw new CommandException($"'{result.GetValue(Server) ?? terminal.Variable("WHARF_SERVER")}' is no address of a server", ExitCodes.Usage, "write http://host:port");

    /// <summary>Logs in: with the key of <c>WHARF_PSK</c>, else with the login that <c>wharf login</c> has stored, else without a name.</summary>
    /// <exception cref="CommandException">The key or the stored login cannot be sent.</exception>
    public Task<Session> ConnectAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var address = RequireAddress(result);
        return Session.ConnectAsync(address, Login(address), cancellationToken: cancellationToken);
    }

    /// <summary>As <see cref="ConnectAsync"/>, for a command that gives a name: the names of an anonymous session end with it.</summary>
    /// <exception cref="CommandException">The login is anonymous, or cannot be sent.</exception>
    public Task<Session> ConnectToNameAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var address = RequireAddress(result);
        var login = Login(address);
        if (login.Scheme == Credentials.Anonymous.Scheme)
        {
            throw new CommandException(
                "--as needs a login: a name that an anonymous session gives ends with the session", ExitCodes.NotAllowed, $"log in with: wharf login --server {address}");
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
