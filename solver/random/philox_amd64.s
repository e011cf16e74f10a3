//go:build goexperiment.simd && amd64

#include "textflag.h"

// One round, from (c0, c1, c2, c3) to (c0, q, c2, p); k is the place of its keys.
#define ROUND(c0, c1, c2, c3, p, q, k) \
	VPMULUDQ c0, Z30, p \
	VPMULUDQ c2, Z31, q \
	VPSRLQ $32, q, c0 \
	VPTERNLOGQ.BCST $0x96, (k)(AX), c1, c0 \
	VPSRLQ $32, p, c2 \
	VPTERNLOGQ.BCST $0x96, (k+8)(AX), c3, c2

#define ROUNDS(k) \
	ROUND(Z0, Z1, Z2, Z3, Z4, Z5, k) \
	ROUND(Z0, Z5, Z2, Z4, Z3, Z1, k+16)

// func philoxVector(keys *RoundKeys, c *[4]Uint32s, x0, x1, x2, x3 *Uint32s)
TEXT ·philoxVector(SB), NOSPLIT, $0-48
	MOVQ keys+0(FP), AX
	MOVQ c+8(FP), BX
	MOVQ x0+16(FP), SI
	MOVQ x1+24(FP), DI
	MOVQ x2+32(FP), R8
	MOVQ x3+40(FP), R9
	MOVL $0xD2511F53, DX
	VPBROADCASTQ DX, Z30
	MOVL $0xCD9E8D57, DX
	VPBROADCASTQ DX, Z31
	VMOVDQU64 (BX), Z0
	VMOVDQU64 64(BX), Z1
	VMOVDQU64 128(BX), Z2
	VMOVDQU64 192(BX), Z3
	ROUNDS(0)
	ROUNDS(32)
	ROUNDS(64)
	ROUNDS(96)
	ROUNDS(128)
	VMOVDQU64 Z0, (SI)
	VMOVDQU64 Z1, (DI)
	VMOVDQU64 Z2, (R8)
	VMOVDQU64 Z3, (R9)
	VZEROUPPER
	RET
