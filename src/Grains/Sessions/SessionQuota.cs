using System.Globalization;
using Microsoft.Extensions.Options;

namespace Wharf.Grains.Sessions;

/// <summary>Counts the sessions of a silo, in total and by address.</summary>
internal sealed class SessionQuota(IOptions<SessionOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byAddress = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Adds a session.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED.</exception>
    public void Enter(string address)
    {
        lock (_lock)
        {
            if (_count >= options.Value.MaxSessions)
                throw Full(options.Value.MaxSessions, "sessions");
            var ofAddress = _byAddress.GetValueOrDefault(address);
            if (ofAddress >= options.Value.MaxSessionsPerAddress)
                throw Full(options.Value.MaxSessionsPerAddress, "sessions of one address");
            _byAddress[address] = ofAddress + 1;
            _count++;
        }
    }

    /// <summary>Removes a session.</summary>
    public void Leave(string address)
    {
        lock (_lock)
        {
            var ofAddress = _byAddress[address] - 1;
            if (ofAddress == 0)
                _byAddress.Remove(address);
            else
                _byAddress[address] = ofAddress;
            _count--;
        }
    }

    private static FaultException Full(int limit, string what) =>
        new(FaultCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"This server has at most {limit} {what}"));
}
