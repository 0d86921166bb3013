using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Grains;

namespace Wharf.Gateway.Edge;

/// <summary>Counts the calls without a session, by client address, and refuses those beyond the limits.</summary>
internal sealed class UnauthenticatedUse(IOptions<GatewayOptions> options, LimitLog log)
{
    /// <summary>The bytes of a call besides its request: its headers, and its state in the server.</summary>
    public const int BytesPerCall = 16 * 1024;

    private readonly long _maxBytes = options.Value.MaxBytesWithoutSession;
    private readonly long _maxBytesPerAddress = options.Value.MaxBytesWithoutSessionPerAddress;
    private readonly int _maxStreamsPerAddress = options.Value.MaxStreamsWithoutSessionPerAddress;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The number of bytes of all calls without a session.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of addresses with such a call.</summary>
    public int Addresses
    {
        get
        {
            lock (_lock)
                return _accounts.Count;
        }
    }

    /// <summary>Counts a new call.</summary>
    /// <param name="address">The address of the client.</param>
    /// <param name="isStream">Whether it is a stream.</param>
    /// <returns>The call's part; disposing it ends the call.</returns>
    /// <exception cref="FaultException">A limit is reached.</exception>
    public Part Enter(string address, bool isStream)
    {
        lock (_lock)
        {
            var account = _accounts.GetValueOrDefault(address) ?? new Account();
            if (isStream && account.Streams >= _maxStreamsPerAddress)
                throw Refuse(nameof(GatewayOptions.MaxStreamsWithoutSessionPerAddress), address, FaultCode.ResourceExhausted, "Too many streams without a session from your address; log in, or close some");
            Take(address, account, BytesPerCall);
            if (isStream)
                account.Streams++;
            _accounts[address] = account;
        }

        return new Part(this, address, isStream);
    }

    private void Take(string address, Account account, long bytes)
    {
        if (account.Bytes + bytes > _maxBytesPerAddress)
            throw Refuse(nameof(GatewayOptions.MaxBytesWithoutSessionPerAddress), address, FaultCode.ResourceExhausted, "Too many calls without a session from your address; wait for some to end");
        if (_bytes + bytes > _maxBytes)
            throw Refuse(nameof(GatewayOptions.MaxBytesWithoutSession), address, FaultCode.Unavailable, "The server has too many calls without a session; try again");
        account.Bytes += bytes;
        _bytes += bytes;
    }

    private FaultException Refuse(string setting, string address, FaultCode code, string message)
    {
        log.Report(setting, address);
        return new FaultException(code, message);
    }

    private void Resize(string address, long difference)
    {
        lock (_lock)
        {
            var account = _accounts[address];
            if (difference > 0)
            {
                Take(address, account, difference);
                return;
            }

            account.Bytes += difference;
            _bytes += difference;
        }
    }

    private void Leave(string address, long bytes, bool isStream)
    {
        lock (_lock)
        {
            var account = _accounts[address];
            account.Bytes -= bytes;
            _bytes -= bytes;
            if (isStream)
                account.Streams--;
            if (account.Bytes == 0)
                _accounts.Remove(address);
        }
    }

    /// <summary>The part of one call.</summary>
    internal sealed class Part(UnauthenticatedUse use, string address, bool isStream) : IDisposable
    {
        private readonly Lock _lock = new();
        private long _bytes = BytesPerCall;
        private bool _hasLeft;

        /// <summary>Sets the number of bytes of the request that are buffered.</summary>
        /// <exception cref="FaultException">A limit is reached.</exception>
        public void Hold(long requestBytes)
        {
            lock (_lock)
            {
                long bytes = BytesPerCall + requestBytes;
                if (_hasLeft || bytes == _bytes)
                    return;
                use.Resize(address, bytes - _bytes);
                _bytes = bytes;
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_hasLeft)
                    return;
                _hasLeft = true;
                use.Leave(address, _bytes, isStream);
            }
        }
    }

    private sealed class Account
    {
        public long Bytes { get; set; }

        public int Streams { get; set; }
    }
}
