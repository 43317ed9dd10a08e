"""What sends, deletes or pays on screens in other languages than English and Chinese.

Data beside `act/screen_words.py`, matched in the same way: it names what is known to weigh, so that
it is asked about and refused as it would be in English. What no table knows is asked about all the
same (`act/screen_language.py`). Source: our own reading of mail, chat and shops; in each line one
language: German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Danish and Norwegian,
Finnish, Polish, Czech, Hungarian, Romanian, Turkish, Indonesian, some others, Vietnamese.
"""

COMMITS_ABROAD = (
    "senden", "absenden", "löschen", "bestellen", "posten", "veröffentlichen", "teilen",
    "buchen",
    "antworten", "kündigen", "abschicken", "entfernen", "abonnieren",
    "envoyer", "supprimer", "effacer", "publier", "partager", "commander", "réserver",
    "répondre",
    "s'abonner",
    "enviar", "borrar", "eliminar", "publicar", "compartir", "pedir", "reservar", "responder",
    "suscribirse", "excluir", "apagar", "compartilhar", "partilhar", "encomendar",
    "invia", "inviare", "elimina", "cancella", "pubblica", "condividi", "ordina", "prenota",
    "rispondi",
    "verzenden", "versturen", "verstuur", "verwijderen", "verwijder", "plaatsen", "delen",
    "boeken",
    "skicka", "radera", "ta bort", "publicera", "beställ", "boka", "svara",
    "slet", "slett", "bestil", "bestill", "udgiv", "publiser", "svar",
    "lähetä", "poista", "julkaise", "tilaa", "varaa", "vastaa",
    "wyślij", "usuń", "opublikuj", "udostępnij", "zamów", "zarezerwuj", "odpowiedz",
    "odeslat", "poslat", "smazat", "odstranit", "zveřejnit", "objednat", "rezervovat",
    "küldés", "elküldés", "törlés", "közzététel", "megosztás", "megrendelés", "foglalás",
    "trimite", "trimiteți", "șterge", "publică", "distribuie", "comandă", "rezervă",
    "gönder", "sil", "paylaş", "yayınla", "sipariş ver", "rezervasyon yap", "yanıtla",
    "kirim", "kirimkan", "hapus", "terbitkan", "bagikan", "pesan sekarang", "hantar", "padam",
    "pošalji", "izbriši", "siųsti", "ištrinti", "saada", "kustuta", "bidali", "ezabatu",
    "envia",
    "suprimeix", "senda", "eyða", "tuma", "futa", "ipadala", "burahin",
    "gửi", "xóa", "xoá", "đăng", "chia sẻ", "đặt hàng", "đặt chỗ",
)  # fmt: skip
PAYS_ABROAD = (
    "kaufen", "jetzt kaufen", "bezahlen", "zahlen", "zahlungspflichtig bestellen", "überweisen",
    "zur kasse",
    "acheter", "payer", "régler", "verser", "virement",
    "comprar", "pagar", "transferir",
    "finalizar compra", "paga", "acquista", "compra", "compra ora", "bonifico",
    "kopen", "koop", "koop nu", "betalen", "betaal", "overmaken",
    "köp", "köp nu", "betala", "överför",
    "køb", "køb nu", "kjøp", "betal", "overfør",
    "osta", "osta nyt", "maksa", "siirrä",
    "kup", "kup teraz", "kupuję", "zapłać", "zapłac", "przelej",
    "koupit", "zaplatit", "převést",
    "vásárlás", "vásárlok", "fizetés", "utalás",
    "cumpără", "plătește", "transferă",
    "satın al", "öde", "ödeme yap", "havale",
    "pirkti", "kupi", "plati", "erosi", "kaupa", "nunua", "lipa", "bilhin",
    "beli", "beli sekarang", "bayar", "bayar sekarang",
    "mua", "mua ngay", "thanh toán", "chuyển khoản",
)  # fmt: skip
YES_ABROAD = (
    "ja", "weiter", "bestätigen", "zustimmen", "fertig", "speichern", "annehmen",
    "oui", "confirmer", "valider", "continuer", "accepter", "terminer",
    "sí", "confirmar", "continuar", "aceptar", "sim", "aceitar",
    "conferma", "continua", "accetta", "bevestigen", "doorgaan", "akkoord",
    "bekräfta", "fortsätt", "bekræft", "fortsæt", "bekreft", "kyllä", "vahvista", "jatka",
    "tak", "potwierdź", "dalej", "ano", "potvrdit", "igen", "megerősítés", "da", "confirmă",
    "evet", "onayla", "devam", "ya", "konfirmasi", "lanjutkan", "xác nhận", "tiếp tục",
    "đồng ý",
)  # fmt: skip
YES_IN_LETTERS = (
    "はい", "確定", "確認", "続ける", "完了", "同意する", "확인", "예", "계속", "동의",
    "подтвердить", "да",
    "продолжить", "ναι", "επιβεβαίωση", "نعم", "تأكيد", "متابعة", "כן", "אישור", "हाँ",
    "ยืนยัน", "ตกลง",
)  # fmt: skip
"""A yes to whatever the screen asks."""
COMMITS_IN_LETTERS = (
    "送信", "投稿", "削除", "注文", "予約", "返信", "転送", "公開する", "登録する", "申し込む",
    "보내기", "전송", "보내", "삭제", "게시", "공유", "주문", "예약", "답장", "제출",
    "отправить", "послать", "удалить", "опубликовать", "поделиться", "заказать",
    "забронировать",
    "ответить", "надіслати", "видалити", "замовити",
    "αποστολή", "διαγραφή", "δημοσίευση", "παραγγελία",
    "إرسال", "ارسال", "حذف", "نشر", "مشاركة", "طلب",
    "שלח", "שליחה", "מחק", "פרסם", "הזמן",
    "भेजें", "हटाएं", "मिटाएं", "पोस्ट करें", "ऑर्डर करें",
    "ส่ง", "ลบ", "โพสต์", "สั่งซื้อ", "จอง",
)  # fmt: skip
"""The same in scripts of their own: Japanese, Korean, Russian and Ukrainian, Greek, Arabic,
Hebrew, Hindi, Thai."""
PAYS_IN_LETTERS = (
    "購入", "支払", "お支払い", "決済", "振込", "送金", "買う",
    "구매", "결제", "지불", "송금", "이체", "구입",
    "купить", "оплатить", "заплатить", "перевести", "купити", "сплатити",
    "αγορά", "πληρωμή",
    "شراء", "ادفع", "الدفع", "تحويل",
    "קנה", "קנייה", "שלם", "תשלום",
    "खरीदें", "भुगतान करें",
    "ซื้อ", "ชำระเงิน", "จ่าย", "โอนเงิน",
)  # fmt: skip
