using System.Net;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Cluster.Redis;

/// <summary>The Redis of a cluster, and the connection of this process to it.</summary>
internal sealed class RedisStore(ConfigurationOptions options) : ClusterStore, IDisposable, IAsyncDisposable
{
    private const int DefaultPort = 6379;

    /// <summary>Short enough that a node detects the loss of data before another node has started.</summary>
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _connecting = new(1);
    private ConnectionMultiplexer? _connection;

    /// <inheritdoc/>
    public override string Name => "Redis";

    /// <inheritdoc/>
    public override string Setting => $"{MembershipOptions.Section}:{nameof(MembershipOptions.Redis)}";

    /// <inheritdoc/>
    public override string Addresses => string.Join(", ", options.EndPoints.Select(static endpoint => endpoint switch
    {
        DnsEndPoint name => $"{name.Host}:{(name.Port == 0 ? DefaultPort : name.Port)}",
        IPEndPoint address => new IPEndPoint(address.Address, address.Port == 0 ? DefaultPort : address.Port).ToString(),
        _ => endpoint.ToString(),
    }));

    /// <summary>The options of the connection.</summary>
    public ConfigurationOptions Options => options;

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">The text is not a connection string. The message does not contain it, because it may have a password.</exception>
    public static RedisStore Read(string connectionString)
    {
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            if (options.EndPoints.Count == 0)
                throw new FormatException("no address");
            options.ReconnectRetryPolicy = new LinearRetry((int)Reconnect.TotalMilliseconds);
            return new RedisStore(options);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException(
                $"{MembershipOptions.Section}:{nameof(MembershipOptions.Redis)} is not a connection string of Redis: host:port, then options "
                + "such as password=... and ssl=true, all separated by commas. An option is unknown or has a wrong value; no value can contain a comma");
        }
    }

    /// <summary>Returns the connection; the first call opens it.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task PrepareAsync(CancellationToken cancellationToken) =>
        await (await ConnectAsync(cancellationToken)).GetDatabase().PingAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public override async Task RaiseVersionAsync(string clusterId, int from, int to, CancellationToken cancellationToken)
    {
        const string Script = "if redis.call('HGET', KEYS[1], 'Version') == ARGV[1] then redis.call('HSET', KEYS[1], 'Version', ARGV[2]) end";
        var key = RedisClusteringOptions.DefaultCreateRedisKey(new ClusterOptions { ClusterId = clusterId, ServiceId = clusterId });
        var database = (await ConnectAsync(cancellationToken)).GetDatabase();
        await database.ScriptEvaluateAsync(Script, [key], [from, to]).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool IsTransient(Exception failure) => failure switch
    {
        RedisConnectionException connection => connection.FailureType != ConnectionFailureType.AuthenticationFailure,
        RedisServerException server => server.Message.StartsWith("LOADING", StringComparison.Ordinal)
            || server.Message.StartsWith("MASTERDOWN", StringComparison.Ordinal),
        TimeoutException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <inheritdoc/>
    public override bool IsMissing(Exception failure) => failure is RedisClusteringException;

    /// <inheritdoc/>
    public override string Reason(Exception failure) => failure switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => "the user name or password was rejected",
        RedisServerException server when server.Message.StartsWith("NOAUTH", StringComparison.Ordinal) => "a password is required",
        RedisServerException server => server.Message,
        _ => base.Reason(failure),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _connection, null)?.Dispose();
        _connecting.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
            await connection.DisposeAsync();
        _connecting.Dispose();
    }
}
