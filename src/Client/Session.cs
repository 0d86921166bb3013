using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>
/// A login at a server and everything that hangs on it: exports, open streams, tables. It stays alive until it is closed; its calls may be
/// made from many threads.
/// </summary>
public sealed partial class Session : IAsyncDisposable
{
    private static readonly TimeSpan DurationIfNotTold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;
    private readonly KeepAlive _keepAlive;
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionService.SessionServiceClient _sessions;
    private int _closed;

    private Session(GrpcChannel channel, CallInvoker invoker, IReadOnlyDictionary<string, string> configuration, TimeProvider time)
    {
        _channel = channel;
        _time = time;
        CallInvoker = invoker;
        Configuration = configuration;
        Duration = ReadDuration(configuration);
        _sessions = new(invoker);
        _keepAlive = new(token => RenewAsync(token), Duration / 2, time, OnEnded);
    }

    /// <summary>What the server told at login.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>How long the server keeps a session that makes no calls. The client calls twice as often by itself.</summary>
    public TimeSpan Duration { get; }

    /// <summary>For calls that this class does not have: any generated client made with it calls within this session.</summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>Cancelled when the session has ended: closed here, or no longer known to the server.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Logs in.</summary>
    /// <param name="address">The server, for example <c>http://localhost:10000</c>.</param>
    /// <param name="credentials">The login.</param>
    /// <param name="options">Settings, if the defaults do not fit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session.</returns>
    /// <exception cref="RpcException">The server refused the login or cannot be reached.</exception>
    /// <exception cref="WharfException">The server's answer has no token.</exception>
    public static async Task<Session> ConnectAsync(Uri address, Credentials credentials, SessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(credentials);
        options ??= new();
        var channel = GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            DisposeHttpClient = options.HttpHandler is null,
            MaxReceiveMessageSize = options.MaxReceiveMessageBytes,
        });
        try
        {
            var token = new TokenInterceptor(credentials);
            var invoker = channel.Intercept(token);
            var configuration = await ConfigureAsync(invoker, cancellationToken).ConfigureAwait(false);
            if (!token.HasToken)
                throw new WharfException($"{address} answered the login without a token in the header '{WireHeaders.Authorization}'");
            return new(channel, invoker, configuration, options.TimeProvider);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Ends the session on the server and everything in it. Further calls of this method do nothing.</summary>
    /// <param name="cancellationToken">Gives up waiting for the server; the client's side is closed all the same.</param>
    /// <returns>When the server has ended it.</returns>
    /// <exception cref="RpcException">The server did not end the session.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _sessions.CloseSessionAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            OnEnded();
            _channel.Dispose();
        }
    }

    /// <summary>Closes the session; a server that does not answer is left alone after a few seconds.</summary>
    /// <returns>When the session is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit, _time);
        try
        {
            await CloseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception unanswered) when (unanswered is RpcException or OperationCanceledException)
        {
            // The session ends by itself when nobody renews it.
        }
    }

    /// <summary>Makes a call that only keeps the session alive. The session does so by itself.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When the server has answered.</returns>
    public Task RenewAsync(CancellationToken cancellationToken = default) => ConfigureAsync(CallInvoker, cancellationToken);

    private static async Task<IReadOnlyDictionary<string, string>> ConfigureAsync(CallInvoker invoker, CancellationToken cancellationToken)
    {
        var client = new ConfigService.ConfigServiceClient(invoker);
        var response = await client.GetConfigurationConstantsAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return response.ConfigValues.ToDictionary(entry => entry.Key, entry => entry.Value.StringValue);
    }

    private static TimeSpan ReadDuration(IReadOnlyDictionary<string, string> configuration) =>
        configuration.TryGetValue(WireNames.SessionDurationMilliseconds, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds) && milliseconds is > 1 and < int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : DurationIfNotTold;

    private void OnEnded() => _ended.Cancel();
}
