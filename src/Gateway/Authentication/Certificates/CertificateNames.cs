using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wharf.Gateway.Hosting;

namespace Wharf.Gateway.Authentication;

/// <summary>Reads the name of a certificate's holder. A certificate with several names of a kind is treated as one without a name: the result would depend on their order.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";
    private const int EmailTag = 1;
    private const int DnsTag = 2;
    private const int UriTag = 6;

    /// <summary>Returns the only name of a kind, or null.</summary>
    public static string? Of(X509Certificate2 certificate, CertificateName kind)
    {
        try
        {
            var names = kind switch
            {
                CertificateName.Subject => [certificate.Subject],
                CertificateName.Dns => Alternative(certificate, DnsTag),
                CertificateName.Email => Alternative(certificate, EmailTag),
                CertificateName.Uri => Alternative(certificate, UriTag),
                _ => Common(certificate),
            };
            return names is [var name] ? name : null;
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> Common(X509Certificate2 certificate) =>
    [
        .. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(static part => part.GetSingleElementValue() ?? ""),
    ];

    private static List<string> Alternative(X509Certificate2 certificate, int tag)
    {
        List<string> names = [];
        foreach (var extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == AlternativeNames))
        {
            var content = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (content.HasData)
            {
                var next = content.PeekTag();
                if (next.TagClass == TagClass.ContextSpecific && next.TagValue == tag)
                    names.Add(content.ReadCharacterString(UniversalTagNumber.IA5String, next));
                else
                    content.ReadEncodedValue();
            }
        }

        return names;
    }
}
