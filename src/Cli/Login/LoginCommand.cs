using System.CommandLine;
using System.Text;
using Spectre.Console;
using Wharf.Cli.Connection;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Login;

/// <summary><c>wharf login</c>: checks a login and stores it. Secrets are read from the keyboard or standard input, never from the command line, which other users can read.</summary>
internal static class LoginCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var user = new Option<string?>("--user", "-u") { Description = "Log in with this user name and a password. Default: log in with the pre-shared key.", HelpName = "name" };
        var anonymous = new Option<bool>("--anonymous") { Description = "Log in anonymously, if the server allows it." };
        var command = new Command("login", "Log in, and store the login in a file that only you can read. The key or password is read from a prompt or from standard input.") { user, anonymous };
        command.SetAction(async (result, cancellationToken) =>
        {
            var address = connection.RequireAddress(result);
            var login = result.GetValue(anonymous) ? new StoredLogin(LoginSchemes.Anonymous, "") : Read(terminal, result.GetValue(user));
            Credentials credentials;
            try
            {
                credentials = CredentialStore.ToCredentials(login);
            }
            catch (ArgumentException wrong)
            {
                throw new CommandException($"the login is invalid: {wrong.Message}", ExitCodes.Usage);
            }

            await using (var session = await Session.ConnectAsync(address, credentials, cancellationToken: cancellationToken))
                connection.Store.Put(address, login);
            terminal.Note($"Logged in to {address}; the login is stored in {connection.Store.File}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static StoredLogin Read(Terminal terminal, string? user)
    {
        if (user?.Contains(':', StringComparison.Ordinal) == true)
            throw new CommandException("a user name must not contain a colon", ExitCodes.Usage);
        var secret = terminal.IsInputRedirected
            ? terminal.In.ReadLine()
            : terminal.ErrorScreen.Prompt(new TextPrompt<string>(user is null ? "Pre-shared key:" : $"Password of {Markup.Escape(user)}:").Secret().AllowEmpty());
        if (string.IsNullOrEmpty(secret))
            throw new CommandException("standard input has no key or password", ExitCodes.Usage);
        return user is null
            ? new StoredLogin(LoginSchemes.PreSharedKey, secret)
            : new StoredLogin(LoginSchemes.Basic, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
    }
}
