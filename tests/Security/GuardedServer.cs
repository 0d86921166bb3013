using System.Runtime.CompilerServices;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Client;
using Wharf.Plugins.Counter;
using Wharf.Plugins.Echo;
using Wharf.Plugins.ExampleService;
using Wharf.Server;

namespace Wharf.Security;

/// <summary>A server on a free port of the loopback address, with the named objects <c>echo</c> and <c>counter</c>. Anonymous logins are allowed.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    public const string Key = "a-key-for-tests-only";

    private readonly WharfServer _server;

    private GuardedServer(WharfServer server) => _server = server;

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The named objects, as the program of the server has them.</summary>
    public Scope Scope => _server.Scope;

    public Uri Address => new($"http://127.0.0.1:{_server.Port}");

    /// <summary>Isolates the server from settings in the environment of the developer.</summary>
    [ModuleInitializer]
    internal static void RemoveSettingsOfTheDeveloper()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if (name.StartsWith("Wharf__", StringComparison.OrdinalIgnoreCase))
                Environment.SetEnvironmentVariable(name, null);
    }

    /// <summary>Starts a server.</summary>
    /// <param name="change">Changes the options before the start.</param>
    /// <param name="addServices">Adds what a test observes the server with.</param>
    public static async Task<GuardedServer> StartAsync(Action<WharfServerOptions>? change = null, Action<IServiceCollection>? addServices = null)
    {
        var options = new WharfServerOptions { Port = 0, Address = "127.0.0.1", PreSharedKey = Key, AllowAnonymous = true, PluginsFolder = "", Report = null };
        options.Settings["Logging:LogLevel:Default"] = "Error";
        options.Settings["Logging:LogLevel:Orleans"] = "Error";
        options.Settings["Wharf:Fields:echo:Type"] = "Echo";
        options.Settings["Wharf:Fields:counter:Type"] = "Counter";
        options.Plugins.Add(new EchoRegistration());
        options.Plugins.Add(new CounterRegistration());
        options.Plugins.Add(new ExampleServiceRegistration());
        change?.Invoke(options);
        var server = new WharfServer();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        addServices?.Invoke(builder.Services);
        await server.BeginAsync(builder, options, Cancelled);
        return new GuardedServer(server);
    }

    /// <summary>Logs in with the pre-shared key, or as given.</summary>
    public Task<Session> ConnectAsync(Credentials? credentials = null) => Session.ConnectAsync(Address, credentials ?? Credentials.PreSharedKey(Key), cancellationToken: Cancelled);

    /// <summary>Opens a channel for calls of the test's own.</summary>
    public GrpcChannel OpenChannel() => GrpcChannel.ForAddress(Address);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
