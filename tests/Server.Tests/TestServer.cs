using System.Runtime.CompilerServices;
using Wharf.Client;
using Wharf.Plugins.Counter;
using Wharf.Plugins.ExampleService;

namespace Wharf.Server.Tests;

/// <summary>A server on a free port of the loopback address, with the types of two plugins, and sessions on it.</summary>
internal static class TestServer
{
    public const string Key = "a-key-for-tests-only";

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Isolates the server from settings in the environment of the developer.</summary>
    [ModuleInitializer]
    internal static void RemoveSettingsOfTheDeveloper()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if (name.StartsWith("Wharf__", StringComparison.OrdinalIgnoreCase))
                Environment.SetEnvironmentVariable(name, null);
    }

    public static WharfServerOptions Options()
    {
        var options = new WharfServerOptions { Port = 0, Address = "127.0.0.1", PreSharedKey = Key, PluginsFolder = "", Report = null };
        options.Settings["Logging:LogLevel:Default"] = "Error";
        options.Settings["Logging:LogLevel:Orleans"] = "Error";
        options.Plugins.Add(new ExampleServiceRegistration());
        options.Types.Add(new CounterType());
        return options;
    }

    public static Task<WharfServer> StartAsync() => WharfServer.StartAsync(Options(), Cancelled);

    public static Task<Session> ConnectAsync(this WharfServer server, Credentials? credentials = null) =>
        Session.ConnectAsync(new Uri($"http://127.0.0.1:{server.Port}"), credentials ?? Credentials.PreSharedKey(Key), cancellationToken: Cancelled);

    /// <summary>Opens a conversation with a named object and reads its first message.</summary>
    public static async Task<PluginClient> OpenAsync(this Session session, string name)
    {
        var field = (await session.ListFieldsAsync(Cancelled)).Single(field => field.Name == name);
        var client = await PluginClient.ConnectAsync(session, field.Ticket, Cancelled);
        await client.ReadAsync(Cancelled);
        return client;
    }
}
