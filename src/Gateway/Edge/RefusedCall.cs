using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wharf.Gateway.Edge;

/// <summary>Ends a call before its request is read: the status is in the headers of the response, and there is no message.</summary>
internal static class RefusedCall
{
    /// <summary>Writes the status.</summary>
    public static Task WriteAsync(HttpContext http, RpcException failure)
    {
        var response = http.Response;
        // With HTTP/1.1 a connection whose request was not read cannot be used again.
        if (http.Features.Get<IHttpResetFeature>() is null)
            response.Headers.Connection = "close";
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)failure.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (failure.Status.Detail.Length > 0)
            response.Headers["grpc-message"] = Encode(failure.Status.Detail);
        foreach (var entry in failure.Trailers)
            response.Headers[entry.Key] = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;
        return response.CompleteAsync();
    }

    /// <summary>Percent-encodes a status message as gRPC specifies: all bytes except printable ASCII, and the percent sign.</summary>
    public static string Encode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (byte value in Encoding.UTF8.GetBytes(message))
        {
            if (value is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
                encoded.Append((char)value);
            else
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
