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
    private readonly TokenInterceptor _token;
    private readonly SessionOptions _options;
    private readonly CallGuard _calls;
    private readonly KeepAlive _keepAlive;
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionService.SessionServiceClient _sessions;
    private int _closed;

    private Session(
        GrpcChannel channel, TokenInterceptor token, CallInvoker invoker, IReadOnlyDictionary<string, string> configuration, SessionOptions options,
        ClientTelemetry telemetry, CallGuard calls)
    {
        _channel = channel;
        _token = token;
        _options = options;
        _calls = calls;
        Telemetry = telemetry;
        CallInvoker = invoker;
        Configuration = configuration;
        Duration = ReadDuration(configuration);
        _sessions = new(invoker);
        _keepAlive = new(RenewAsync, Duration / 2, options.TimeProvider, telemetry, OnLost);
    }

    /// <summary>What the server told at login.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>How long the server keeps a session that makes no calls. The client calls twice as often by itself.</summary>
    public TimeSpan Duration { get; }

    /// <summary>For calls that this class does not have: any generated client made with it calls within this session, without its time limits and with plain <see cref="RpcException"/>s.</summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>Cancelled when the session has ended: closed here, or no longer known to the server.</summary>
    public CancellationToken Ended => _ended.Token;

    internal ClientTelemetry Telemetry { get; }

    /// <summary>Logs in.</summary>
    /// <param name="address">The server, for example <c>http://localhost:10000</c>.</param>
    /// <param name="credentials">The login.</param>
    /// <param name="options">Settings, if the defaults do not fit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session.</returns>
    /// <exception cref="WharfException">
    /// The server refused the login (UNAUTHENTICATED), cannot be reached (UNAVAILABLE, with the address and the likely cause), or its answer has no token.
    /// </exception>
    /// <exception cref="ArgumentException">An option is wrong; the exception names it.</exception>
    public static async Task<Session> ConnectAsync(Uri address, Credentials credentials, SessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(credentials);
        options ??= new();
        options.Validate();
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
            var telemetry = new ClientTelemetry(options);
            var calls = new CallGuard(options, telemetry);
            var configuration = await LoginAsync(address, invoker, calls, options, cancellationToken).ConfigureAwait(false);
            if (!token.HasToken)
                throw new WharfException($"{address} answered the login without a token in the header '{WireHeaders.Authorization}'");
            var session = new Session(channel, token, invoker, configuration, options, telemetry, calls);
            telemetry.Opened(address, credentials.Scheme, session.Duration);
            return session;
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
    /// <exception cref="WharfException">The server did not end the session; it ends by itself when nobody renews it.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _calls.RunAsync(token => _sessions.CloseSessionAsync(new(), cancellationToken: token), ticket: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _token.Close();
            await _ended.CancelAsync().ConfigureAwait(false);
            _channel.Dispose();
            Telemetry.Closed();
        }
    }

    /// <summary>Closes the session; a server that does not answer is left alone after a few seconds.</summary>
    /// <returns>When the session is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit, _options.TimeProvider);
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
    public Task RenewAsync(CancellationToken cancellationToken = default) => _calls.RunAsync(token => AskConfiguration(CallInvoker, token), ticket: null, cancellationToken);

    private Task RenewAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => AskConfiguration(CallInvoker, token), ticket: null, limit, cancellationToken, nameof(RenewAsync));

    private static async Task<IReadOnlyDictionary<string, string>> LoginAsync(
        Uri address, CallInvoker invoker, CallGuard calls, SessionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var response = await calls.RunAsync(token => AskConfiguration(invoker, token), ticket: null, options.ConnectTimeout, cancellationToken, nameof(LoginAsync)).ConfigureAwait(false);
            return response.ConfigValues.ToDictionary(entry => entry.Key, entry => entry.Value.StringValue);
        }
        catch (WharfException refused) when (refused.StatusCode == StatusCode.Unauthenticated)
        {
            throw new WharfException(refused.StatusCode, refused.Status.Detail, ticket: null, StatusAdvice.Login, refused);
        }
        catch (WharfException failed)
        {
            throw ConnectionFailure.Explain(failed, address);
        }
    }

    private static AsyncUnaryCall<ConfigurationConstantsResponse> AskConfiguration(CallInvoker invoker, CancellationToken cancellationToken) =>
        new ConfigService.ConfigServiceClient(invoker).GetConfigurationConstantsAsync(new(), cancellationToken: cancellationToken);

    private static TimeSpan ReadDuration(IReadOnlyDictionary<string, string> configuration) =>
        configuration.TryGetValue(WireNames.SessionDurationMilliseconds, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds) && milliseconds is > 1 and < int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : DurationIfNotTold;

    private void OnLost()
    {
        Telemetry.Lost();
        _ended.Cancel();
    }
}
