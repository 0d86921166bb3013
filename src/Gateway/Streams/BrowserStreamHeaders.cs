using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Streams;

/// <summary>What a browser says of a stream that it opens in two halves.</summary>
/// <param name="ExportId">The export id that names the stream; null when the headers name none.</param>
/// <param name="Sequence">The message's place in the stream.</param>
/// <param name="HalfClose">Whether it is the last one.</param>
internal readonly record struct BrowserStreamHeaders(int? ExportId, int Sequence, bool HalfClose)
{
    /// <summary>Reads the headers of a call.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: one of two that belong together is missing, or is no number.</exception>
    public static BrowserStreamHeaders Read(IHeaderDictionary headers)
    {
        int? ticket = ReadNumber(headers, WireHeaders.StreamTicket);
        int? sequence = ReadNumber(headers, WireHeaders.StreamSequence);
        if (ticket is null != sequence is null)
            throw new FaultException(FaultCode.InvalidArgument, $"{WireHeaders.StreamTicket} and {WireHeaders.StreamSequence} come together or not at all");
        return new BrowserStreamHeaders(ticket, sequence ?? 0, headers.ContainsKey(WireHeaders.StreamHalfClose));
    }

    private static int? ReadNumber(IHeaderDictionary headers, string name)
    {
        if (!headers.TryGetValue(name, out var values))
            return null;
        return int.TryParse(values[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number
            : throw new FaultException(FaultCode.InvalidArgument, $"{name} is a decimal number, not negative");
    }
}
