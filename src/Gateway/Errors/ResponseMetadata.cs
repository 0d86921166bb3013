using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Wharf.Gateway.Errors;

/// <summary>
/// Writes the metadata of gRPC responses as the gRPC specification asks of senders: binary values without padding, and status messages that no reader of a header block
/// can misread. Covers headers (responses without a message have their status there) and trailers, on HTTP/2 and gRPC-Web.
/// </summary>
internal static class ResponseMetadata
{
    private const string StatusMessage = "grpc-message";
    private const string BinarySuffix = "-bin";

    /// <summary>The middleware: runs inside of gRPC-Web's, which brings trailers of its own.</summary>
    public static Task InvokeAsync(HttpContext call, RequestDelegate next)
    {
        call.Response.OnStarting(static response => ConformAsync(((HttpResponse)response).Headers), call.Response);
        if (call.Features.Get<IHttpResponseTrailersFeature>() is { } trailers)
            call.Features.Set<IHttpResponseTrailersFeature>(new ConformingTrailers(trailers));
        return next(call);
    }

    /// <summary>The values of a header as they are sent.</summary>
    public static StringValues Conform(string name, StringValues values)
    {
        if (name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
            return Each(values, WithoutPadding);
        return string.Equals(name, StatusMessage, StringComparison.OrdinalIgnoreCase) ? Each(values, Escape) : values;
    }

    /// <summary>Whether a character of a status message is sent as it is; the others take three bytes for each of their bytes.</summary>
    public static bool IsPlain(int character) => character is >= ' ' and <= '~' and not '%' and not ':';

    private static Task ConformAsync(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, StringValues>>? changed = null;
        foreach (var (name, values) in headers)
        {
            var conforming = Conform(name, values);
            if (conforming != values)
                (changed ??= []).Add(new(name, conforming));
        }

        foreach (var (name, values) in changed ?? [])
            headers[name] = values;
        return Task.CompletedTask;
    }

    private static StringValues Each(StringValues values, Func<string, string> conform) => values.Count switch
    {
        0 => values,
        1 => conform(values[0] ?? ""),
        _ => new StringValues([.. values.Select(value => conform(value ?? ""))]),
    };

    // One header may carry several values.
    private static string WithoutPadding(string value) =>
        !value.Contains('=', StringComparison.Ordinal) ? value : string.Join(',', value.Split(',').Select(static one => one.TrimEnd('=')));

    // The message is percent-encoded already. A client may split trailers at every colon, and HTTP takes blanks at the ends away.
    private static string Escape(string message)
    {
        var escaped = message.Replace(":", "%3A", StringComparison.Ordinal);
        if (escaped.StartsWith(' '))
            escaped = "%20" + escaped[1..];
        return escaped.EndsWith(' ') ? escaped[..^1] + "%20" : escaped;
    }

    private sealed class ConformingTrailers(IHttpResponseTrailersFeature inner) : IHttpResponseTrailersFeature
    {
        private ConformingHeaders? _trailers;

        public IHeaderDictionary Trailers
        {
            get => _trailers ??= new ConformingHeaders(inner.Trailers);
            set
            {
                inner.Trailers = value;
                _trailers = null;
            }
        }
    }
}
