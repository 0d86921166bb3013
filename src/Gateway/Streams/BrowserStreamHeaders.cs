using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Streams;

/// <summary>The headers of a stream that a browser opens as two calls.</summary>
/// <param name="ExportId">The export id of the stream; null if the headers have none.</param>
/// <param name="Sequence">The sequence number of the message.</param>
/// <param name="HalfClose">Whether the message is the last one.</param>
internal readonly record struct BrowserStreamHeaders(int? ExportId, int Sequence, bool HalfClose)
{
    /// <summary>Reads the headers of a call.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: only one of the headers is set, or a value is not a number.</exception>
    public static BrowserStreamHeaders Read(IHeaderDictionary headers)
    {
        int? ticket = ReadNumber(headers, WireHeaders.StreamTicket);
        int? sequence = ReadNumber(headers, WireHeaders.StreamSequence);
        if (ticket is null != sequence is null)
            throw new FaultException(FaultCode.InvalidArgument, $"{WireHeaders.StreamTicket} and {WireHeaders.StreamSequence} must both be set");
        return new BrowserStreamHeaders(ticket, sequence ?? 0, headers.ContainsKey(WireHeaders.StreamHalfClose));
    }

    private static int? ReadNumber(IHeaderDictionary headers, string name)
    {
        if (!headers.TryGetValue(name, out var values))
            return null;
        return int.TryParse(values[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number
            : throw new FaultException(FaultCode.InvalidArgument, $"{name} must be a non-negative decimal number");
    }
}
